/*
 * connection/preamble.c
 *		Reading the PROXY protocol's preamble of those who connect.
 *
 * Only the preamble is taken out of the socket, and nothing of what is behind
 * it, which is for libmicrohttpd or for TLS.
 */
#include "connection/preamble.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/log.h"
#include "base/loop.h"
#include "base/proxy_preamble.h"
#include "config.h"
#include "connection/client.h"

/* A balancer sends it at once: milliseconds. */
#define COMES_WITHIN 5000

typedef struct Newcomer Newcomer;
struct Newcomer
{
	Watch		watch;
	struct sockaddr_storage address;	/* the balancer's */
	socklen_t	address_length;
	int64_t		deadline;
	size_t		length;
	unsigned char bytes[PREAMBLE_MOST];
	Newcomer   *previous;
	Newcomer   *next;
};

typedef enum Fate
{
	FATE_READ,
	FATE_EMPTY,					/* a balancer that looks whether we listen */
	FATE_MALFORMED,
	FATE_LATE,
	FATE_COUNT
} Fate;

static const char *const FATE_NAMES[FATE_COUNT] = {
	"read", "empty", "malformed", "late"
};

static PreambleRead hand_over;
static Newcomer *oldest;
static Newcomer *newest;
static long count;
static uint64_t fates[FATE_COUNT];

void
preamble_start(PreambleRead take)
{
	hand_over = take;
}

static void
forget(Newcomer *newcomer)
{
	*(newcomer->previous ? &newcomer->previous->next : &oldest) = newcomer->next;
	*(newcomer->next ? &newcomer->next->previous : &newest) = newcomer->previous;
	count--;
	loop_forget(&newcomer->watch);
	free(newcomer);
}

static void
turn_away(Newcomer *newcomer, Fate fate)
{
	int			fd = newcomer->watch.fd;

	fates[fate]++;
	forget(newcomer);
	close(fd);
}

static void
let_in(Newcomer *newcomer, const struct sockaddr_storage *told)
{
	int			fd = newcomer->watch.fd;
	struct sockaddr_storage address = told ? *told : newcomer->address;
	socklen_t	length = told ? preamble_address_length(told) :
		newcomer->address_length;

	fates[FATE_READ]++;
	forget(newcomer);
	hand_over(fd, (struct sockaddr *) &address, length);
}

/* A line's end is looked for before anything is taken. */
static ssize_t
line_part(int fd, unsigned char *bytes, size_t room)
{
	ssize_t		there = recv(fd, bytes, room, MSG_PEEK | MSG_DONTWAIT);
	unsigned char *end;

	if (there <= 0)
		return there;
	end = memchr(bytes, '\n', (size_t) there);
	return end != NULL ? end - bytes + 1 : there;
}

/* As recv(): of the preamble only. */
static ssize_t
take_part(Newcomer *newcomer, size_t wanted)
{
	unsigned char *bytes = newcomer->bytes + newcomer->length;
	ssize_t		part = (ssize_t) wanted;

	if (wanted == 0)
		part = line_part(newcomer->watch.fd, bytes,
						 PREAMBLE_MOST - newcomer->length);
	if (part <= 0)
		return part;
	return recv(newcomer->watch.fd, bytes, (size_t) part, MSG_DONTWAIT);
}

static void
read_newcomer(Watch *watch, uint32_t events)
{
	Newcomer   *newcomer = watch->owner;
	size_t		wanted = 1;
	struct sockaddr_storage told;

	(void) events;
	for (;;)
	{
		ssize_t		got;

		switch (newcomer->length == 0 ? PREAMBLE_PART :
				preamble_read(newcomer->bytes, newcomer->length, &wanted,
							  &told))
		{
			case PREAMBLE_TOLD:
				let_in(newcomer, &told);
				return;
			case PREAMBLE_UNTOLD:
				let_in(newcomer, NULL);
				return;
			case PREAMBLE_MALFORMED:
				turn_away(newcomer, FATE_MALFORMED);
				return;
			case PREAMBLE_PART:
				break;
		}
		got = take_part(newcomer, wanted);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0)
		{
			turn_away(newcomer, newcomer->length == 0 ? FATE_EMPTY :
					  FATE_MALFORMED);
			return;
		}
		newcomer->length += (size_t) got;
	}
}

bool
preamble_expect(int fd, const struct sockaddr *address, socklen_t length)
{
	Newcomer   *newcomer;

	if (!config.proxy_protocol || !client_is_proxy(address))
		return false;
	newcomer = calloc(1, sizeof(*newcomer));
	if (newcomer == NULL)
	{
		close(fd);
		return true;
	}
	memcpy(&newcomer->address, address, length);
	newcomer->address_length = length;
	newcomer->deadline = loop_now() + COMES_WITHIN;
	newcomer->watch.fd = fd;
	newcomer->watch.ready = read_newcomer;
	newcomer->watch.owner = newcomer;
	newcomer->previous = newest;
	*(newest ? &newest->next : &oldest) = newcomer;
	newest = newcomer;
	count++;
	if (!loop_watch(&newcomer->watch, EPOLLIN))
		turn_away(newcomer, FATE_LATE);
	return true;
}

/* All have the same time, so the oldest is the first that is late. */
int64_t
preamble_tick(void)
{
	while (oldest != NULL && oldest->deadline <= loop_now())
		turn_away(oldest, FATE_LATE);
	return oldest != NULL ? oldest->deadline : NEVER;
}

void
preamble_stop(void)
{
	while (oldest != NULL)
		turn_away(oldest, FATE_LATE);
}

long
preamble_count(void)
{
	return count;
}

void
preamble_metrics_write(Text *out)
{
	if (!config.proxy_protocol)
		return;
	text_add(out, "# HELP dpmeta_http_proxy_preambles_total Preambles of the "
			 "PROXY protocol, by what became of them.\n"
			 "# TYPE dpmeta_http_proxy_preambles_total counter\n");
	for (int i = 0; i < FATE_COUNT; i++)
		text_format(out, "dpmeta_http_proxy_preambles_total{result=\"%s\"} %"
					PRIu64 "\n", FATE_NAMES[i], fates[i]);
}
