/*
 * auth/limit.h
 *		How many requests a caller may send.
 */
#ifndef DPMETA_LIMIT_H
#define DPMETA_LIMIT_H

#include <stdbool.h>

#include "base/text.h"
#include "request/caller.h"
#include "request/head.h"
#include "request/refusal.h"
#include "request/reply.h"

/* False when there is no memory for it. */
extern bool limit_start(void);
extern void limit_stop(void);

/*
 * Count the request, once, for its caller, or for its address when there is
 * none.  One request too many is refused for that, whatever else is wrong with
 * it.
 */
extern void limit_check(const Head *head, Caller *caller, Refusal *refusal);

/* Tell the caller what is left. */
extern void limit_add_headers(const Caller *caller, Reply *reply);
extern void limit_metrics_write(Text *out);

#endif							/* DPMETA_LIMIT_H */
