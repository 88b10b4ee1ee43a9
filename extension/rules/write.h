/*
 * rules/write.h
 *		A write that makes a version, from its request to its outcome.
 */
#ifndef DPMETA_WRITE_H
#define DPMETA_WRITE_H

#include "rules/outcome.h"
#include "rules/request.h"

/*
 * Carries the request out, or finds what an earlier copy of it did.  A dry run
 * stops before anything is stored.
 */
extern void write_run(const WriteRequest *request, WriteOutcome *outcome);

#endif							/* DPMETA_WRITE_H */
