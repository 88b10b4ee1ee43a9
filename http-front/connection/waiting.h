/*
 * connection/waiting.h
 *		Clients that have connected and find every place taken.
 *
 * libmicrohttpd does not know of them yet, so they cost little.  Each waits for a
 * place as long as a request may wait for the database, and is then told that the
 * service is busy.  Whoever asks how we are gets a place at once.
 */
#ifndef DPMETA_WAITING_H
#define DPMETA_WAITING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/text.h"

/* How many may wait, and what the kernel and we have of each. */
#define WAITING_MOST 1024
#define WAITING_MEMORY (6 * 1024)
/* Places that only those get who ask how we are. */
#define WAITING_PROBES 16

/* Gets a descriptor, which it closes in any case. */
typedef void (*WaitingTake) (int fd, const struct sockaddr *address,
							 socklen_t length);

/* Writes the answer for one that has no place. */
typedef void (*WaitingWords) (Text *out);

/* There are so many descriptors for those who wait. */
extern void waiting_start(long places, WaitingTake take, WaitingWords words);

/* May anybody wait? */
extern bool waiting_can(void);

/* Let a client wait; false when it cannot. */
extern bool waiting_add(int fd, const struct sockaddr *address,
						socklen_t length);

/* Is there anybody who wants a place? */
extern bool waiting_any(void);

/* Give away places that are free; returns when to look again. */
extern int64_t waiting_tick(void);

/* Tell all of them that they have no place. */
extern void waiting_end(void);
extern void waiting_stop(void);
extern void waiting_metrics_write(Text *out);

#endif							/* DPMETA_WAITING_H */
