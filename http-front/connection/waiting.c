/*
 * connection/waiting.c
 *		Clients that have connected and find every place taken.
 */
#include "connection/waiting.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/log.h"
#include "base/loop.h"
#include "config.h"
#include "connection/client.h"
#include "connection/tls.h"

/* How long one that was refused has to read that, in milliseconds. */
#define LAST_WORDS_TIME 2000
/* When to say again that there are any. */
#define SAY_EVERY 10000

typedef struct Waiter Waiter;
struct Waiter
{
	Watch		watch;
	struct sockaddr_storage address;
	socklen_t	length;
	int64_t		deadline;
	Waiter	   *next;
};

/* In the order in which they came, which is that of their deadlines. */
typedef struct Line
{
	Waiter	   *first;
	Waiter	  **last;
	long		count;
} Line;

static Line hopeful = {.last = &hopeful.first};
static Line refused = {.last = &refused.first};
static WaitingTake take_client;
static WaitingWords write_words;
static long most;
static uint64_t refusals;
static int64_t said_at = -SAY_EVERY;

void
waiting_start(long places, WaitingTake take, WaitingWords words)
{
	/* Some wait, some are being refused, and a few only ask how we are. */
	places = (places - WAITING_PROBES) / 2;
	most = places < WAITING_MOST ? places : WAITING_MOST;
	take_client = take;
	write_words = words;
}

static void
join_line(Line *line, Waiter *waiter, int64_t deadline)
{
	waiter->deadline = deadline;
	waiter->next = NULL;
	*line->last = waiter;
	line->last = &waiter->next;
	line->count++;
}

static Waiter *
leave_line(Line *line, Waiter **link)
{
	Waiter	   *waiter = *link;

	*link = waiter->next;
	if (waiter->next == NULL)
		line->last = link;
	line->count--;
	return waiter;
}

static void
end_waiter(Waiter *waiter)
{
	int			fd = waiter->watch.fd;

	loop_forget(&waiter->watch);
	close(fd);
	free(waiter);
}

/* It has a place now. */
static void
hand_over(Waiter *waiter)
{
	int			fd = waiter->watch.fd;

	loop_forget(&waiter->watch);
	take_client(fd, (struct sockaddr *) &waiter->address, waiter->length);
	free(waiter);
}

/* What it sends is of no use; a close before it is read would be a reset. */
static bool
has_gone(const Waiter *waiter)
{
	static char nowhere[64 * 1024];
	ssize_t		got = 1;

	/* Bounded, because it may go on sending. */
	for (int i = 0; i < 4 && got > 0; i++)
		got = recv(waiter->watch.fd, nowhere, sizeof(nowhere), MSG_DONTWAIT);
	return got == 0;
}

static void
read_refused(Watch *watch, uint32_t events)
{
	Waiter	   *waiter = watch->owner;
	Waiter	  **link = &refused.first;

	if (!has_gone(waiter) && !(events & (EPOLLHUP | EPOLLERR)))
		return;
	while (*link != waiter)
		link = &(*link)->next;
	end_waiter(leave_line(&refused, link));
}

/* By https there would have to be a handshake first. */
static void
say_busy(const Waiter *waiter)
{
	Text		words = {0};

	if (tls_wanted())
		return;
	write_words(&words);
	if (!text_failed(&words))
		send(waiter->watch.fd, words.data, words.length,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
	text_free(&words);
}

static void
log_refusals(void)
{
	refusals++;
	if (loop_now() - said_at < SAY_EVERY)
		return;
	said_at = loop_now();
	log_event(LOG_WARNINGS, "connections-refused", "all %ld connections are "
			  "taken, and some clients found no place in time; so far %" PRIu64
			  " were refused", config.max_connections, refusals);
}

static void
refuse_first(void)
{
	Waiter	   *waiter = leave_line(&hopeful, &hopeful.first);

	log_refusals();
	say_busy(waiter);
	shutdown(waiter->watch.fd, SHUT_WR);
	if (refused.count >= most)
		end_waiter(leave_line(&refused, &refused.first));
	join_line(&refused, waiter, loop_now() + LAST_WORDS_TIME);
	waiter->watch.ready = read_refused;
	loop_change(&waiter->watch, EPOLLIN);
}

/* Does it ask what those ask who watch us?  By https nobody can know yet. */
static bool
asks_how_we_are(int fd)
{
	static const char *const lines[] = {
		"GET /health ", "GET /ready ", "GET /metrics ", "HEAD /health ",
		"HEAD /ready "
	};
	char		start[16];
	ssize_t		got = recv(fd, start, sizeof(start), MSG_PEEK | MSG_DONTWAIT);

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (got >= (ssize_t) strlen(lines[i]) &&
			memcmp(start, lines[i], strlen(lines[i])) == 0)
			return true;
	return false;
}

static void
look_at_first_bytes(Watch *watch, uint32_t events)
{
	Waiter	   *waiter = watch->owner;
	Waiter	  **link = &hopeful.first;
	bool		gone = (events & (EPOLLHUP | EPOLLERR)) != 0;

	loop_change(watch, 0);
	if (!gone && !(asks_how_we_are(watch->fd) &&
				   client_count() < config.max_connections + WAITING_PROBES))
		return;
	while (*link != waiter)
		link = &(*link)->next;
	leave_line(&hopeful, link);
	if (gone)
		end_waiter(waiter);
	else
		hand_over(waiter);
}

bool
waiting_can(void)
{
	return most > 0;
}

bool
waiting_add(int fd, const struct sockaddr *address, socklen_t length)
{
	Waiter	   *waiter = most > 0 ? calloc(1, sizeof(*waiter)) : NULL;

	if (waiter == NULL)
		return false;
	memcpy(&waiter->address, address, length);
	waiter->length = length;
	waiter->watch.fd = fd;
	waiter->watch.owner = waiter;
	waiter->watch.ready = look_at_first_bytes;
	if (!loop_watch(&waiter->watch, EPOLLIN))
	{
		free(waiter);
		return false;
	}
	join_line(&hopeful, waiter, loop_now() + config.queue_timeout);
	if (hopeful.count > most)
		refuse_first();
	return true;
}

bool
waiting_any(void)
{
	return hopeful.count > 0;
}

int64_t
waiting_tick(void)
{
	int64_t		deadline = NEVER;

	while (hopeful.count > 0 && client_count() < config.max_connections)
		hand_over(leave_line(&hopeful, &hopeful.first));
	while (hopeful.count > 0 && hopeful.first->deadline <= loop_now())
		refuse_first();
	while (refused.count > 0 && refused.first->deadline <= loop_now())
		end_waiter(leave_line(&refused, &refused.first));
	if (hopeful.count > 0)
		deadline = hopeful.first->deadline;
	if (refused.count > 0 && refused.first->deadline < deadline)
		deadline = refused.first->deadline;
	return deadline;
}

void
waiting_end(void)
{
	while (hopeful.count > 0)
		refuse_first();
	most = 0;
}

void
waiting_stop(void)
{
	while (hopeful.count > 0)
		end_waiter(leave_line(&hopeful, &hopeful.first));
	while (refused.count > 0)
		end_waiter(leave_line(&refused, &refused.first));
}

void
waiting_metrics_write(Text *out)
{
	text_format(out, "# HELP dpmeta_http_connections_waiting "
				"Connections that wait for a place.\n"
				"# TYPE dpmeta_http_connections_waiting gauge\n"
				"dpmeta_http_connections_waiting %ld\n"
				"# HELP dpmeta_http_connections_busy_total "
				"Connections that found no place in time, and got 503.\n"
				"# TYPE dpmeta_http_connections_busy_total counter\n"
				"dpmeta_http_connections_busy_total %" PRIu64 "\n",
				hopeful.count, refusals);
}
