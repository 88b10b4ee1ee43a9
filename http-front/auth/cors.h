/*
 * auth/cors.h
 *		Which pages of other origins may use the interface from a browser.
 */
#ifndef DPMETA_CORS_H
#define DPMETA_CORS_H

#include <stdbool.h>

#include "request/head.h"
#include "request/reply.h"

/* False when the settings will not do, with the reason said. */
extern bool cors_start(void);
/* Does a browser ask whether a page of ours may send a request? */
extern bool cors_is_preflight(const Head *head);
/* Add what a browser wants to know to the answer. */
extern void cors_add_headers(const Head *head, Reply *reply);

#endif							/* DPMETA_CORS_H */
