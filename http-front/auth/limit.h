/*
 * auth/limit.h
 *		How many requests a caller may send.
 */
#ifndef DPMETA_LIMIT_H
#define DPMETA_LIMIT_H

#include <stdbool.h>

#include "request/request.h"

/* False when there is no memory for it. */
extern bool limit_start(void);
extern void limit_stop(void);
/*
 * Count the request for its caller, or for its address when there is none.
 * One too many is refused, whatever else is wrong with it.
 */
extern void limit_check(Request *request);
extern void limit_add_headers(Request *request);
extern void limit_metrics_write(Text *out);

#endif							/* DPMETA_LIMIT_H */
