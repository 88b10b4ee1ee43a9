/*
 * connection/preamble.h
 *		Reading the PROXY protocol's preamble of those who connect, before
 *		libmicrohttpd gets them: it could not leave it out.
 */
#ifndef DPMETA_PREAMBLE_H
#define DPMETA_PREAMBLE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/text.h"

/* Gets a connection whose preamble was read, with the address that it told. */
typedef void (*PreambleRead) (int fd, const struct sockaddr *address,
							  socklen_t length);

extern void preamble_start(PreambleRead take);
extern void preamble_stop(void);

/* False if none is to be expected of this address: then nothing was done. */
extern bool preamble_expect(int fd, const struct sockaddr *address,
							socklen_t length);

/* Close what takes too long; returns when to look again. */
extern int64_t preamble_tick(void);

/* Connections whose preamble is still to come. */
extern long preamble_count(void);
extern void preamble_metrics_write(Text *out);

#endif							/* DPMETA_PREAMBLE_H */
