/*
 * connection/listener.h
 *		The socket that clients connect to.
 *
 * We accept them ourselves: libmicrohttpd does not say when it had no
 * descriptor for one, and when it looks again.
 */
#ifndef DPMETA_LISTENER_H
#define DPMETA_LISTENER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

/* Gets a descriptor, which it closes in any case. */
typedef void (*ListenerTake) (int fd, const struct sockaddr *address,
							  socklen_t length);

/* Listen; the reason is on standard error when false. */
extern bool listener_open(ListenerTake take);

/* Returns when to look again. */
extern int64_t listener_tick(void);

/* Take the clients that the system has accepted for us, and stop listening. */
extern void listener_close(void);

#endif							/* DPMETA_LISTENER_H */
