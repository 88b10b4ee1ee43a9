/*
 * connection/client.c
 *		Who is at the other end of a connection, and how long it takes.
 *
 * libmicrohttpd closes a connection on which nothing happens.  One that sends
 * or takes a byte now and then is not idle, so each request and each answer
 * has a deadline, too.  The socket of one that misses it is shut down, and
 * libmicrohttpd takes that for a client that went away.
 *
 * The line with the size of a chunk may fill libmicrohttpd's memory without
 * ever ending, and 0.9.75 then looks at it again and again.  It does not tell
 * us, but it stops reading, so we notice bytes that stay unread from one look
 * to the next.  If the line just fits, we notice that the body does not grow.
 */
#include "connection/client.h"

#include <gnutls/gnutls.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/loop.h"
#include "config.h"
#include "connection/tls.h"

/* Deadlines are looked at no more often than this, in milliseconds. */
#define LOOK_EVERY 100
/* Longer than any pause of server/http.c. */
#define LOOK_AT_CHUNKS_EVERY 50
/* A body in chunks must grow within this, in milliseconds. */
#define GROWS_WITHIN 5000
#define SITE_CHAINS 4096
/* Descriptors that are neither clients' nor lanes'. */
#define OTHER_FILES 32
/* For those that wait for a place, that are told that there is none, and probes. */
#define WAITING_FILES 4096

/* Connections from one address; see address_site(). */
struct Site
{
	Address		address;
	long		connections;
	Site	   *next;
};

static Networks proxies;
static Client *clients;
static Client *ended;
static long count;
static long sending;
static long chunked;
static int64_t look_at = NEVER;
static ClientLost request_lost;
static Site *sites[SITE_CHAINS];
static uint64_t refused;
static uint64_t slow;
static long spare_files;

long
client_spare_files(void)
{
	return spare_files;
}

/* The usual soft limit, 1024, is for programs that use select(). */
static rlim_t
raise_open_files(rlim_t needed)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= needed)
		return needed;
	limit.rlim_cur = limit.rlim_max < needed ? limit.rlim_max : needed;
	setrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur;
}

/* The lanes that writes get while they wait take a quarter at most. */
static long
lanes_for_writes(rlim_t limit, long others)
{
	long		more = config.lanes.most - config.lanes.least;
	long		quarter = ((long) limit - others) / 4;

	return more < quarter ? more : quarter;
}

/*
 * A client for whom there is no descriptor would wait without anybody
 * noticing.
 */
static bool
fit_open_files(void)
{
	long		others = OTHER_FILES + config.lanes.least +
		(config.read_database_url ? config.read_lanes : 0);
	long		needed = config.max_connections + others +
		config.lanes.most - config.lanes.least;
	rlim_t		limit = raise_open_files((rlim_t) needed + WAITING_FILES);

	if (limit >= (rlim_t) needed)
	{
		spare_files = (long) limit - needed;
		return true;
	}
	if (limit <= (rlim_t) others)
	{
		log_refusal("the limit of open files is %lu, and %ld are needed "
					"without any client: raise it (ulimit -n, LimitNOFILE=), "
					"or set fewer DPMETA_LANES", (unsigned long) limit, others);
		return false;
	}
	others += lanes_for_writes(limit, others);
	log_event(LOG_WARNINGS, "open-files", "DPMETA_MAX_CONNECTIONS is lowered "
			  "from %ld to %ld: it needs %ld open files, and the limit is %lu",
			  config.max_connections, (long) limit - others, needed,
			  (unsigned long) limit);
	config.max_connections = (long) limit - others;
	return true;
}

bool
client_start(void)
{
	if (!fit_open_files())
		return false;
	if (config.proxy_protocol && config.trusted_proxies == NULL)
	{
		log_refusal("DPMETA_PROXY_PROTOCOL=on needs DPMETA_TRUSTED_PROXIES: only "
					"from these a connection begins with it");
		return false;
	}
	if (config.trusted_proxies == NULL ||
		networks_parse(&proxies, config.trusted_proxies))
		return true;
	log_refusal("malformed value of DPMETA_TRUSTED_PROXIES: it takes up to "
				"%d addresses or networks with commas between, such as "
				"10.1.2.3, 10.0.0.0/8 or fd00::/8", NETWORKS_MOST);
	return false;
}

const Networks *
client_proxies(void)
{
	return &proxies;
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

bool
client_is_proxy(const struct sockaddr *address)
{
	Address		from;

	return address_from_socket(&from, address) && networks_have(&proxies, &from);
}

bool
client_admit(const struct sockaddr *address)
{
	Address		from;
	Site	   *site;

	if (!address_from_socket(&from, address) || !is_counted(&from))
		return true;
	address_site(&from, &from);
	site = *site_link(&from);
	if (site == NULL || site->connections < config.max_connections_per_address)
		return true;
	refused++;
	return false;
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

/* libmicrohttpd's own, in seconds; 0: none. */
static void
set_timeout(Client *client, unsigned seconds)
{
	MHD_set_connection_option(client->connection,
							  MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}

/*
 * libmicrohttpd never frees a connection whose timeout passes before its
 * handshake is done.  So it has no timeout until the first request comes, and
 * is cut by us.
 */
static void
note_begun(Client *client)
{
	if (!client->begun && tls_wanted())
		set_timeout(client, client_idle_seconds());
	client->begun = true;
}

static int
socket_of(const Client *client)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(client->connection,
								MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

static int
bytes_unread(const Client *client)
{
	int			unread = 0;

	return ioctl(socket_of(client), FIONREAD, &unread) == 0 ? unread : 0;
}

static void
note_end(Watch *watch, uint32_t events)
{
	Client	   *client = watch->owner;

	(void) events;
	client->next_ended = ended;
	client->ended = &ended;
	if (ended != NULL)
		ended->ended = &client->next_ended;
	ended = client;
}

static void
forget_end(Client *client)
{
	if (client->ended == NULL)
		return;
	*client->ended = client->next_ended;
	if (client->next_ended != NULL)
		client->next_ended->ended = client->ended;
	client->ended = NULL;
}

/*
 * libmicrohttpd 0.9.75 does not notice an end that comes together with data: it
 * is told once of both, and takes the data for all.  Once it has read that, it
 * is told again by this.
 */
static void
tell_ends(void)
{
	Client	   *next;

	for (Client *client = ended; client != NULL; client = next)
	{
		next = client->next_ended;
		if (bytes_unread(client) > 0)
			continue;
		forget_end(client);
		shutdown(client->end.fd, SHUT_RD);
	}
}

static void
watch_end(Client *client)
{
	client->end.fd = socket_of(client);
	client->end.owner = client;
	client->end.ready = note_end;
	if (!loop_watch(&client->end, EPOLLRDHUP | EPOLLONESHOT))
		client->end.fd = -1;
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
	if (tls_wanted())
		set_timeout(client, 0);
	if (info != NULL && address_from_socket(&client->address, info->client_addr))
	{
		address_write(&client->address, client->text);
		client->proxy = networks_have(&proxies, &client->address);
		enter_site(client);
	}
	watch_end(client);
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
	if (client->coming != NULL)
		request_lost(client->coming);
	leave_site(client);
	forget_end(client);
	loop_forget(&client->end);
	sending -= client->sending;
	chunked -= client->chunked;
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
	count--;
	remove_client(*context);
	*context = NULL;
}

Client *
client_begin(struct MHD_Connection *connection, void *request,
			 ClientLost lost)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	Client	   *client = info ? info->socket_context : NULL;

	if (client == NULL)
		return NULL;
	note_begun(client);
	client->coming = request;
	request_lost = lost;
	client->whole_by = loop_now() + config.request_timeout;
	set_deadline(client, config.head_timeout < config.request_timeout ?
				 loop_now() + config.head_timeout : client->whole_by);
	return client;
}

void
client_head_came(Client *client)
{
	if (client == NULL)
		return;
	client->coming = NULL;
	set_deadline(client, client->whole_by);
}

static bool
knows(const Client *client, enum MHD_ConnectionInfoType what)
{
	return MHD_get_connection_info(client->connection, what) != NULL;
}

/*
 * The size of a head is known once it is whole, and a status once there is a
 * response.
 */
void *
client_unannounced(void)
{
	for (const Client *client = clients; client != NULL; client = client->next)
		if (client->coming != NULL &&
			knows(client, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE) &&
			!knows(client, MHD_CONNECTION_INFO_HTTP_STATUS))
			return client->coming;
	return NULL;
}

static void
set_sending(Client *client, bool is)
{
	sending += is - client->sending;
	client->sending = is;
}

static void
set_chunked(Client *client, bool is)
{
	chunked += is - client->chunked;
	client->chunked = is;
}

void
client_sends_chunk(Client *client)
{
	if (client == NULL)
		return;
	set_chunked(client, true);
	client->unread = false;
	client->grows_by = loop_now() + GROWS_WITHIN;
	if (look_at > loop_now() + LOOK_AT_CHUNKS_EVERY)
		look_at = loop_now() + LOOK_AT_CHUNKS_EVERY;
}

void
client_sent_all(Client *client)
{
	if (client == NULL)
		return;
	set_chunked(client, false);
	client->deadline = NEVER;
}

void
client_answer_begins(Client *client)
{
	if (client == NULL)
		return;
	set_chunked(client, false);
	set_sending(client, true);
	set_deadline(client, loop_now() + config.answer_timeout);
}

/* The next request may begin late, but its line must then arrive soon. */
void
client_answered(Client *client)
{
	if (client == NULL)
		return;
	client->coming = NULL;
	set_chunked(client, false);
	set_sending(client, false);
	set_deadline(client, loop_now() + config.idle_timeout +
				 config.request_timeout);
}

unsigned
client_idle_seconds(void)
{
	return (unsigned) ((config.idle_timeout + 999) / 1000);
}

void
client_waits(Client *client)
{
	if (client == NULL)
		return;
	client->waits = true;
	MHD_set_connection_option(client->connection,
							  MHD_CONNECTION_OPTION_TIMEOUT,
							  client_idle_seconds() + 1);
}

void
client_waited(Client *client)
{
	if (client == NULL || !client->waits)
		return;
	client->waits = false;
	MHD_set_connection_option(client->connection,
							  MHD_CONNECTION_OPTION_TIMEOUT,
							  client_idle_seconds());
}

/* Unread bytes would keep libmicrohttpd busy, or reset the connection. */
static void
discard_unread(const Client *client)
{
	static char nowhere[64 * 1024];
	int			fd = socket_of(client);

	/* Bounded, because the client may go on sending. */
	for (int i = 0; i < 16; i++)
		if (recv(fd, nowhere, sizeof(nowhere), MSG_DONTWAIT) <= 0)
			return;
}

void
client_last_words(Client *client, const char *bytes, size_t size)
{
	const union MHD_ConnectionInfo *info;

	if (client == NULL)
		return;
	if (tls_wanted())
	{
		info = MHD_get_connection_info(client->connection,
									   MHD_CONNECTION_INFO_GNUTLS_SESSION);
		if (info != NULL)
			gnutls_record_send((gnutls_session_t) info->tls_session, bytes,
							   size);
	}
	else
		send(socket_of(client), bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
	shutdown(socket_of(client), SHUT_WR);
	discard_unread(client);
	/* libmicrohttpd may not know that it is at its end. */
	set_deadline(client, loop_now() + LOOK_EVERY);
}

/*
 * libmicrohttpd notices the end when it reads.  It does not read from a
 * connection for which it has no room, but it looks at the timeout.  Of a
 * handshake it always reads.
 */
static void
cut(Client *client)
{
	client->cut = true;
	client->deadline = NEVER;
	set_chunked(client, false);
	slow++;
	shutdown(socket_of(client), SHUT_RDWR);
	discard_unread(client);
	if (client->begun || !tls_wanted())
		set_timeout(client, 1);
}

/*
 * libmicrohttpd had its turn since the last look and read nothing from this
 * client.
 */
static bool
is_stuck(Client *client)
{
	bool		before = client->unread;

	if (!client->chunked)
		return false;
	client->unread = bytes_unread(client) > 0;
	return (before && client->unread) || client->grows_by <= loop_now();
}

static int64_t
cut_slow_clients(void)
{
	int64_t		now = loop_now();
	int64_t		least = now + (chunked > 0 ? LOOK_AT_CHUNKS_EVERY : LOOK_EVERY);

	if (look_at > now)
		return look_at;
	look_at = NEVER;
	for (Client *client = clients; client != NULL; client = client->next)
	{
		if (client->deadline <= now || is_stuck(client))
			cut(client);
		else if (client->deadline < look_at)
			look_at = client->deadline;
	}
	if (chunked > 0 || look_at < least)
		look_at = least;
	return look_at;
}

int64_t
client_tick(void)
{
	int64_t		deadline = cut_slow_clients();
	int64_t		soon = loop_now() + LOOK_EVERY;

	tell_ends();
	return ended != NULL && soon < deadline ? soon : deadline;
}

long
client_sending(void)
{
	return sending;
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
