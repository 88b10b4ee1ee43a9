/*
 * server/http.c
 *		libmicrohttpd inside our loop: its epoll descriptor is in ours.
 */
#include "server/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "checks/check.h"
#include "server/client.h"
#include "config.h"
#include "base/log.h"
#include "base/loop.h"
#include "server/request.h"
#include "server/tls.h"

#define BACKLOG 1024
/* What else a connection's memory holds: the head of the answer. */
#define ANSWER_HEAD 1536
#define MOST_TURNS 16
#define PARKED_TICK 1
/* What has come by TLS is taken a record at a time: a head, then a body. */
#define TLS_TURNS 3

static struct MHD_Daemon *daemon_handle;
static int	listener = -1;
static Watch watch = {.fd = -1};
static bool ready;
static int64_t ran_at;

static void
note_ready(Watch *unused, uint32_t events)
{
	(void) unused;
	(void) events;
	ready = true;
}

/* The target is decoded by base/uri.c, which also sees what a C string hides. */
static size_t
leave_escaped(void *cls, struct MHD_Connection *connection, char *text)
{
	(void) cls;
	(void) connection;
	return strlen(text);
}

static bool
is_loopback(const struct sockaddr *address)
{
	char		host[64];

	if (getnameinfo(address, address->sa_family == AF_INET6 ?
					sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in),
					host, sizeof(host), NULL, 0, NI_NUMERICHOST) != 0)
		return false;
	return strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

static bool
open_listener(const struct addrinfo *address)
{
	int			on = 1;

	listener = socket(address->ai_family,
					  SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener < 0)
		return false;
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (config.reuse_port)
		setsockopt(listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	return bind(listener, address->ai_addr, address->ai_addrlen) == 0 &&
		listen(listener, BACKLOG) == 0;
}

static bool
find_address(struct addrinfo **address)
{
	struct addrinfo wanted = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
	};
	char		port[16];

	snprintf(port, sizeof(port), "%ld", config.port);
	if (getaddrinfo(config.listen, port, &wanted, address) != 0)
	{
		log_refusal("DPMETA_LISTEN is not an IP address");
		return false;
	}
	if (config.auth == AUTH_OFF && !is_loopback((*address)->ai_addr))
	{
		log_refusal("with DPMETA_AUTH=off DPMETA_LISTEN must be a loopback "
					"address, or anyone who reaches the port could do "
					"everything; if that is meant, say "
					"DPMETA_AUTH=off-trusted-network");
		freeaddrinfo(*address);
		return false;
	}
	return true;
}

/*
 * With authentication on a token comes on top, however hopeless: it gets a 401
 * from us rather than a bare 431 from libmicrohttpd.  That has its price, for
 * libmicrohttpd zeroes the whole memory after each request.
 */
static size_t
connection_memory(void)
{
	return (size_t) config.max_header + CHECK_FIELDS_ROOM + ANSWER_HEAD +
		(config.auth == AUTH_ON ? (size_t) config.token_room : 0);
}

static bool
start_daemon(void)
{
	struct MHD_OptionItem https[] = {
		{MHD_OPTION_HTTPS_PRIORITIES, 0, (char[]) {TLS_PRIORITIES}},
		{MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *) tls_choose},
		{MHD_OPTION_END, 0, NULL}
	};
	struct MHD_OptionItem http = {MHD_OPTION_END, 0, NULL};
	const union MHD_DaemonInfo *info;

	daemon_handle =
		MHD_start_daemon(MHD_USE_EPOLL | MHD_USE_TURBO |
						 MHD_ALLOW_SUSPEND_RESUME |
						 (tls_wanted() ? MHD_USE_TLS : 0), 0,
						 client_admit, NULL,
						 request_handle, NULL,
						 MHD_OPTION_LISTEN_SOCKET, listener,
						 MHD_OPTION_URI_LOG_CALLBACK, request_create, NULL,
						 MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
						 MHD_OPTION_NOTIFY_COMPLETED, request_completed, NULL,
						 MHD_OPTION_NOTIFY_CONNECTION, client_notify, NULL,
						 MHD_OPTION_STRICT_FOR_CLIENT, 1,
						 MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
						 MHD_OPTION_CONNECTION_LIMIT,
						 (unsigned) config.max_connections,
						 MHD_OPTION_CONNECTION_TIMEOUT,
						 (unsigned) ((config.idle_timeout + 999) / 1000),
						 MHD_OPTION_CONNECTION_MEMORY_LIMIT,
						 connection_memory(),
						 MHD_OPTION_ARRAY, tls_wanted() ? https : &http,
						 MHD_OPTION_END);
	if (daemon_handle == NULL)
		return false;
	info = MHD_get_daemon_info(daemon_handle, MHD_DAEMON_INFO_EPOLL_FD);
	watch.fd = info->epoll_fd;
	watch.ready = note_ready;
	return loop_watch(&watch, EPOLLIN);
}

static void
log_address(void)
{
	struct sockaddr_storage address;
	socklen_t	length = sizeof(address);
	char		host[64] = "";
	char		port[16] = "";

	if (getsockname(listener, (struct sockaddr *) &address, &length) == 0)
		getnameinfo((struct sockaddr *) &address, length, host, sizeof(host),
					port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	log_event(LOG_INFO, "listening", strchr(host, ':') ?
			  "%s://[%s]:%s" : "%s://%s:%s",
			  tls_wanted() ? "https" : "http", host, port);
}

bool
http_start(void)
{
	struct addrinfo *address;
	bool		good;

	if (!find_address(&address))
		return false;
	good = open_listener(address);
	freeaddrinfo(address);
	if (!good)
	{
		log_refusal("listening on %s port %ld failed: %s", config.listen,
					config.port, strerror(errno));
		return false;
	}
	if (!start_daemon())
	{
		log_refusal("libmicrohttpd did not start");
		return false;
	}
	log_address();
	return true;
}

/*
 * libmicrohttpd wants to run at once again while a connection is parked or in
 * the middle of a TLS handshake, and cannot tell that from a connection that
 * has more to do.  It gets its way as long as anything moves, and then a look
 * every millisecond.
 */
static int64_t
next_deadline(bool moved)
{
	MHD_UNSIGNED_LONG_LONG timeout;

	if (MHD_get_timeout(daemon_handle, &timeout) != MHD_YES)
		return NEVER;
	if (timeout == 0 && !moved && (request_parked() > 0 || tls_wanted()))
		return ran_at + PARKED_TICK;
	return loop_now() + (int64_t) timeout;
}

/*
 * A request that was answered is sent in the next turn, hence more than one;
 * bounded, so that the lanes get theirs.
 */
int64_t
http_run(void)
{
	bool		moved = request_progressed();
	int64_t		deadline = next_deadline(moved);
	int			least = ready && tls_wanted() ? TLS_TURNS : 0;

	if (moved)
		ready = true;
	for (int i = 0; i < MOST_TURNS &&
		 (ready || i < least || deadline <= loop_now()); i++)
	{
		ready = false;
		ran_at = loop_now();
		MHD_run(daemon_handle);
		/* Whoever waits in the system's queue is looked at in the next turn. */
		ready |= client_freed_place();
		moved = request_progressed();
		deadline = next_deadline(moved);
	}
	return deadline;
}

/*
 * What the system has accepted for us already is still served: with the
 * listener closed its clients would see a reset.  We take them ourselves, for
 * libmicrohttpd takes some ten a turn, and the last look must come right before
 * the listener is closed.
 */
static void
take_backlog(void)
{
	for (;;)
	{
		struct sockaddr_storage address;
		socklen_t	length = sizeof(address);
		int			fd = accept4(listener, (struct sockaddr *) &address,
								 &length, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		/* It closes what it does not take. */
		if (fd < 0 ||
			MHD_add_connection(daemon_handle, fd,
							   (struct sockaddr *) &address, length) != MHD_YES)
			return;
	}
}

void
http_quiesce(void)
{
	MHD_quiesce_daemon(daemon_handle);
	take_backlog();
	if (listener >= 0)
		close(listener);
	listener = -1;
	ready = true;
}

void
http_stop(void)
{
	loop_forget(&watch);
	if (daemon_handle != NULL)
		MHD_stop_daemon(daemon_handle);
	daemon_handle = NULL;
}
