/*
 * server/http.h
 *		libmicrohttpd inside our loop.
 */
#ifndef DPMETA_HTTP_H
#define DPMETA_HTTP_H

#include <stdbool.h>
#include <stdint.h>

/* Listen; the reason is on standard error when false. */
extern bool http_start(void);

/* Let libmicrohttpd do what there is to do; returns its next deadline. */
extern int64_t http_run(void);

/* Accept no more connections. */
extern void http_quiesce(void);

/* No request may be suspended any more. */
extern void http_stop(void);

#endif							/* DPMETA_HTTP_H */
