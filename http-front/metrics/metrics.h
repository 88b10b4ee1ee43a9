/*
 * metrics/metrics.h
 *		Counters, cheap to raise, shown as Prometheus text.
 */
#ifndef DPMETA_METRICS_H
#define DPMETA_METRICS_H

#include <stdint.h>

#include "base/text.h"
#include "routes/problem.h"
#include "routes/routes.h"

/* A request was answered; route is NULL when none was found. */
extern void metrics_request(const Route *route, int status,
							int64_t microseconds);
extern void metrics_problem(Problem problem);

/* The database refused a connection, or could not be reached. */
extern void metrics_connect_failed(Problem problem);
extern void metrics_replay(void);
extern void metrics_version(const char *kind);

/* The extension's version, as it is found; "" when there is none. */
extern void metrics_extension(const char *version);
extern void metrics_write(Text *out);

#endif							/* DPMETA_METRICS_H */
