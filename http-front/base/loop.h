/*
 * base/loop.h
 *		The one epoll of the process, and its clock.
 */
#ifndef DPMETA_LOOP_H
#define DPMETA_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/* No deadline: sleep until something happens. */
#define NEVER INT64_MAX

/* One watched descriptor; embedded in what owns it. */
typedef struct Watch Watch;
typedef void (*WatchReady) (Watch *watch, uint32_t events);
struct Watch
{
	int			fd;
	uint32_t	events;
	WatchReady	ready;
	void	   *owner;
};

extern bool loop_start(void);
extern void loop_stop(void);
extern bool loop_watch(Watch *watch, uint32_t events);
extern void loop_change(Watch *watch, uint32_t events);

/*
 * Must come before the descriptor is closed.  Afterwards its owner is not told
 * anything any more, so it may be freed, also while other owners are told.
 */
extern void loop_forget(Watch *watch);
extern void loop_wait(int64_t deadline);

/* Milliseconds of the monotonic clock, read once a turn of the loop. */
extern int64_t loop_now(void);

/* The same, read afresh, in microseconds. */
extern int64_t clock_microseconds(void);

#endif							/* DPMETA_LOOP_H */
