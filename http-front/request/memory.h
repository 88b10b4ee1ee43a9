/*
 * request/memory.h
 *		What the process may take, in one sum.
 */
#ifndef DPMETA_MEMORY_H
#define DPMETA_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/*
 * Fit the settings into the memory that there is, and log the sum.  False, after
 * saying which to lower, when what the operator set does not fit.
 */
extern bool memory_start(void);

/* What libmicrohttpd is given for each connection. */
extern size_t memory_of_connection(void);
extern void memory_metrics_write(Text *out);

#endif							/* DPMETA_MEMORY_H */
