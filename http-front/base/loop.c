/*
 * base/loop.c
 *		The one epoll of the process, and its clock.
 *
 * Everything that waits is in here: libmicrohttpd's own epoll descriptor, the
 * lanes' sockets, the signals, and the helper thread's wake-ups.
 */
#include "base/loop.h"

#include <limits.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define EVENTS_A_TURN 128

static int	epoll_fd = -1;
static int64_t now;

/* What epoll told us last, and how much of it the owners have heard. */
static struct epoll_event told[EVENTS_A_TURN];
static int	told_count;
static int	told_so_far;

int64_t
clock_microseconds(void)
{
	struct timespec clock;

	clock_gettime(CLOCK_MONOTONIC, &clock);
	return (int64_t) clock.tv_sec * 1000000 + clock.tv_nsec / 1000;
}

int64_t
loop_now(void)
{
	return now;
}

bool
loop_start(void)
{
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	now = clock_microseconds() / 1000;
	return epoll_fd >= 0;
}

void
loop_stop(void)
{
	if (epoll_fd >= 0)
		close(epoll_fd);
	epoll_fd = -1;
}

bool
loop_watch(Watch *watch, uint32_t events)
{
	struct epoll_event event = {.events = events,.data.ptr = watch};

	watch->events = events;
	return epoll_ctl(epoll_fd, EPOLL_CTL_ADD, watch->fd, &event) == 0;
}

void
loop_change(Watch *watch, uint32_t events)
{
	struct epoll_event event = {.events = events,.data.ptr = watch};

	if (watch->events == events)
		return;
	watch->events = events;
	epoll_ctl(epoll_fd, EPOLL_CTL_MOD, watch->fd, &event);
}

void
loop_forget(Watch *watch)
{
	if (watch->fd < 0)
		return;
	epoll_ctl(epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
	watch->fd = -1;
	/* The owner may free it, so an event that is still to be told must not. */
	for (int i = told_so_far; i < told_count; i++)
		if (told[i].data.ptr == watch)
			told[i].data.ptr = NULL;
}

static int
milliseconds_until(int64_t deadline)
{
	if (deadline == NEVER)
		return -1;
	if (deadline <= now)
		return 0;
	if (deadline - now > INT_MAX)
		return INT_MAX;
	return (int) (deadline - now);
}

/* Sleep until something is ready or the deadline has passed, and tell the owners. */
void
loop_wait(int64_t deadline)
{
	told_so_far = 0;
	told_count = epoll_wait(epoll_fd, told, EVENTS_A_TURN,
							milliseconds_until(deadline));
	now = clock_microseconds() / 1000;
	while (told_so_far < told_count)
	{
		const struct epoll_event *event = &told[told_so_far++];
		Watch	   *watch = event->data.ptr;

		if (watch != NULL)
			watch->ready(watch, event->events);
	}
}
