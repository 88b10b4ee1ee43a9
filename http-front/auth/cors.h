/*
 * auth/cors.h
 *		Which pages of other origins may use the interface from a browser.
 */
#ifndef DPMETA_CORS_H
#define DPMETA_CORS_H

#include <stdbool.h>

#include "request/head.h"
#include "request/reply.h"

/* False, after saying why, when the settings are not usable. */
extern bool cors_start(void);

/* Is a browser asking whether one of the allowed pages may send a request? */
extern bool cors_is_preflight(const Head *head);

/* Add to the answer what a browser wants to know. */
extern void cors_add_headers(const Head *head, Reply *reply);

#endif							/* DPMETA_CORS_H */
