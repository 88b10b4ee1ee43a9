/*
 * server/client.c
 *		Who is at the other end of a connection, and how long it takes.
 *
 * libmicrohttpd closes a connection on which nothing happens.  One that sends
 * or takes a byte now and then is not idle, so each request and each answer
 * has a deadline, too: the socket of one that misses it is shut down, and libmicrohttpd takes that for
 * a client that went away.
 */
#include "server/client.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#include "config.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/loop.h"
#include "server/request.h"

/* Deadlines are looked at no more often than this, in milliseconds. */
#define LOOK_EVERY 100
#define SITE_CHAINS 4096
/* Descriptors that are neither clients' nor lanes'. */
#define OTHER_FILES 64

/* Connections from one address; see address_site(). */
struct Site
{
	Address		address;
	long		connections;
	Site	   *next;
};

static Networks proxies;
static Client *clients;
static long count;
static bool freed_place;
static int64_t look_at = NEVER;
static Site *sites[SITE_CHAINS];
static uint64_t refused;
static uint64_t slow;

/*
 * A connection for which there is no descriptor would wait unseen.  The usual
 * soft limit, 1024, is for programs that use select().
 */
static void
raise_open_files(void)
{
	rlim_t		needed = (rlim_t) (config.max_connections + config.lanes +
								   config.read_lanes + OTHER_FILES);
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
		return;
	limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur < needed)
		log_event(LOG_WARNINGS, "open-files", "DPMETA_MAX_CONNECTIONS needs "
				  "%lu open files, and the limit is %lu",
				  (unsigned long) needed, (unsigned long) limit.rlim_cur);
}

bool
client_start(void)
{
	raise_open_files();
	if (config.trusted_proxies == NULL ||
		networks_parse(&proxies, config.trusted_proxies))
		return true;
	log_refusal("malformed value of DPMETA_TRUSTED_PROXIES: it takes up to "
				"%d addresses or networks with commas between, such as "
				"10.1.2.3, 10.0.0.0/8 or fd00::/8", NETWORKS_MOST);
	return false;
}

static Site **
site_link(const Address *address)
{
	uint64_t	hash = hash_bytes(address->bytes, sizeof(address->bytes));
	Site	  **link = &sites[hash % SITE_CHAINS];

	while (*link != NULL && !addresses_equal(&(*link)->address, address))
		link = &(*link)->next;
	return link;
}

/* Proxies connect for many. */
static bool
is_counted(const Address *address)
{
	return config.max_connections_per_address > 0 &&
		!networks_have(&proxies, address);
}

enum MHD_Result
client_admit(void *cls, const struct sockaddr *address, socklen_t length)
{
	Address		from;
	Site	   *site;

	(void) cls;
	(void) length;
	if (!address_from_socket(&from, address) || !is_counted(&from))
		return MHD_YES;
	address_site(&from, &from);
	site = *site_link(&from);
	if (site == NULL || site->connections < config.max_connections_per_address)
		return MHD_YES;
	refused++;
	return MHD_NO;
}

static void
enter_site(Client *client)
{
	Address		address;
	Site	  **link;

	if (!is_counted(&client->address))
		return;
	address_site(&address, &client->address);
	link = site_link(&address);
	if (*link == NULL)
	{
		*link = calloc(1, sizeof(Site));
		if (*link == NULL)
			return;
		(*link)->address = address;
	}
	(*link)->connections++;
	client->site = *link;
}

static void
leave_site(Client *client)
{
	Site	  **link;
	Site	   *site = client->site;

	if (site == NULL || --site->connections > 0)
		return;
	link = site_link(&site->address);
	*link = site->next;
	free(site);
}

static void
set_deadline(Client *client, int64_t deadline)
{
	client->deadline = deadline;
	if (deadline < look_at)
		look_at = deadline;
}

static Client *
add_client(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	Client	   *client = calloc(1, sizeof(*client));

	if (client == NULL)
		return NULL;
	client->connection = connection;
	if (info != NULL && address_from_socket(&client->address, info->client_addr))
	{
		address_write(&client->address, client->text);
		client->proxy = networks_have(&proxies, &client->address);
		enter_site(client);
	}
	set_deadline(client, loop_now() + config.request_timeout);
	client->next = clients;
	if (clients != NULL)
		clients->previous = client;
	clients = client;
	return client;
}

static void
remove_client(Client *client)
{
	if (client == NULL)
		return;
	leave_site(client);
	if (client->next != NULL)
		client->next->previous = client->previous;
	if (client->previous != NULL)
		client->previous->next = client->next;
	else
		clients = client->next;
	free(client);
}

void
client_notify(void *cls, struct MHD_Connection *connection, void **context,
			  enum MHD_ConnectionNotificationCode code)
{
	(void) cls;
	if (code == MHD_CONNECTION_NOTIFY_STARTED)
	{
		count++;
		*context = add_client(connection);
		return;
	}
	freed_place |= count-- >= config.max_connections;
	remove_client(*context);
	*context = NULL;
}

Client *
client_begin(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	Client	   *client = info ? info->socket_context : NULL;

	if (client != NULL)
		set_deadline(client, loop_now() + config.request_timeout);
	return client;
}

void
client_sent_all(Client *client)
{
	if (client != NULL)
		client->deadline = NEVER;
}

void
client_answer_begins(Client *client)
{
	if (client != NULL)
		set_deadline(client, loop_now() + config.answer_timeout);
}

/* The next request may be long in coming, but its line not in arriving. */
void
client_answered(Client *client)
{
	if (client != NULL)
		set_deadline(client, loop_now() + config.idle_timeout +
					 config.request_timeout);
}

/* X-Forwarded-Proto counts from a trusted proxy only, and its last word. */
static bool
is_secure(const Request *request)
{
	const char *proto = request->fields[FIELD_FORWARDED_PROTO];
	size_t		length;

	if (!request->client->proxy || proto == NULL)
		return config.tls_cert != NULL;
	proto = last_word(proto, &length);
	return length == strlen("https") && strncasecmp(proto, "https", length) == 0;
}

void
client_find(Request *request)
{
	const Client *client = request->client;
	const char *forwarded = request->fields[FIELD_FORWARDED_FOR];

	if (client == NULL)
		return;
	request->secure = is_secure(request);
	request->address = client->address;
	request->address_text = client->text;
	if (!client->proxy || forwarded == NULL)
		return;
	forwarded_client(forwarded, &proxies, &request->address);
	address_write(&request->address, request->address_room);
	request->address_text = request->address_room;
}

static void
cut(Client *client)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(client->connection,
								MHD_CONNECTION_INFO_CONNECTION_FD);

	client->cut = true;
	client->deadline = NEVER;
	slow++;
	if (info != NULL)
		shutdown(info->connect_fd, SHUT_RDWR);
}

int64_t
client_tick(void)
{
	int64_t		now = loop_now();

	if (look_at > now)
		return look_at;
	look_at = NEVER;
	for (Client *client = clients; client != NULL; client = client->next)
	{
		if (client->deadline <= now)
			cut(client);
		else if (client->deadline < look_at)
			look_at = client->deadline;
	}
	if (look_at < now + LOOK_EVERY)
		look_at = now + LOOK_EVERY;
	return look_at;
}

bool
client_freed_place(void)
{
	bool		was = freed_place;

	freed_place = false;
	return was;
}

long
client_count(void)
{
	return count;
}

void
client_metrics_write(Text *out)
{
	text_format(out,
				"# HELP dpmeta_http_connections Open HTTP connections.\n"
				"# TYPE dpmeta_http_connections gauge\n"
				"dpmeta_http_connections %ld\n"
				"# HELP dpmeta_http_connections_refused_total "
				"Connections closed at once: too many from one address.\n"
				"# TYPE dpmeta_http_connections_refused_total counter\n"
				"dpmeta_http_connections_refused_total %" PRIu64 "\n"
				"# HELP dpmeta_http_slow_clients_total "
				"Connections closed: a request or an answer took too long.\n"
				"# TYPE dpmeta_http_slow_clients_total counter\n"
				"dpmeta_http_slow_clients_total %" PRIu64 "\n",
				count, refused, slow);
}
