/*
 * connection/listener.c
 *		The socket that clients connect to.
 */
#include "connection/listener.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/log.h"
#include "base/loop.h"
#include "config.h"
#include "connection/client.h"
#include "connection/tls.h"
#include "connection/waiting.h"

#define BACKLOG 1024
/* So many a turn, so that those who are connected get theirs. */
#define TAKEN_A_TURN 64
/* When to try again without descriptors or memory, and to say so again. */
#define RETRY_EVERY 100
#define SAY_EVERY 10000

static Watch watch = {.fd = -1};
static ListenerTake take_client;
static int64_t try_at = NEVER;
static int64_t said_at = -SAY_EVERY;

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

static bool
open_socket(const struct addrinfo *address)
{
	int			on = 1;

	watch.fd = socket(address->ai_family,
					  SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (watch.fd < 0)
		return false;
	setsockopt(watch.fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (config.reuse_port)
		setsockopt(watch.fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	return bind(watch.fd, address->ai_addr, address->ai_addrlen) == 0 &&
		listen(watch.fd, BACKLOG) == 0;
}

static void
log_address(void)
{
	struct sockaddr_storage address;
	socklen_t	length = sizeof(address);
	char		host[64] = "";
	char		port[16] = "";

	if (getsockname(watch.fd, (struct sockaddr *) &address, &length) == 0)
		getnameinfo((struct sockaddr *) &address, length, host, sizeof(host),
					port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	log_event(LOG_INFO, "listening", strchr(host, ':') ?
			  "%s://[%s]:%s" : "%s://%s:%s",
			  tls_wanted() ? "https" : "http", host, port);
}

/* Whoever waits stays in the system's queue until there is room again. */
static void
pause_for_resources(int error)
{
	loop_change(&watch, 0);
	try_at = loop_now() + RETRY_EVERY;
	if (loop_now() - said_at < SAY_EVERY)
		return;
	said_at = loop_now();
	log_event(LOG_WARNINGS, "clients-wait", "a client could not be accepted: "
			  "%s; it is tried again", strerror(error));
}

/* Those who wait already come first. */
static bool
has_place(void)
{
	return client_count() < config.max_connections && !waiting_any();
}

/* False when there is nobody, or nothing to take one with. */
static bool
take_one(void)
{
	struct sockaddr_storage address;
	socklen_t	length = sizeof(address);
	int			fd = accept4(watch.fd, (struct sockaddr *) &address, &length,
							 SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd >= 0)
	{
		if (has_place())
			take_client(fd, (struct sockaddr *) &address, length);
		else if (!waiting_add(fd, (struct sockaddr *) &address, length))
			close(fd);
		return true;
	}
	switch (errno)
	{
		case EAGAIN:
			return false;
		case EMFILE:
		case ENFILE:
		case ENOBUFS:
		case ENOMEM:
			pause_for_resources(errno);
			return false;
		default:
			/* It was the client's: it has gone, or its network has. */
			return true;
	}
}

static void
take_clients(Watch *unused, uint32_t events)
{
	(void) unused;
	(void) events;
	for (int i = 0; i < TAKEN_A_TURN; i++)
	{
		if (!has_place() && !waiting_can())
		{
			loop_change(&watch, 0);
			return;
		}
		if (!take_one())
			return;
	}
}

bool
listener_open(ListenerTake take)
{
	struct addrinfo *address;
	bool		good;

	if (!find_address(&address))
		return false;
	take_client = take;
	watch.ready = take_clients;
	good = open_socket(address) && loop_watch(&watch, EPOLLIN);
	freeaddrinfo(address);
	if (!good)
		log_refusal("listening on %s port %ld failed: %s",
					config.listen, config.port, strerror(errno));
	else
		log_address();
	return good;
}

int64_t
listener_tick(void)
{
	int64_t		deadline = waiting_tick();

	if (watch.fd < 0)
		return deadline;
	if (try_at != NEVER && loop_now() < try_at)
		return try_at < deadline ? try_at : deadline;
	try_at = NEVER;
	if (has_place() || waiting_can())
		loop_change(&watch, EPOLLIN);
	return deadline;
}

/* With the listener closed the clients in its queue would see a reset. */
void
listener_close(void)
{
	int			fd = watch.fd;

	if (fd < 0)
		return;
	while ((has_place() || waiting_can()) && take_one())
		;
	waiting_end();
	try_at = NEVER;
	loop_forget(&watch);
	close(fd);
}
