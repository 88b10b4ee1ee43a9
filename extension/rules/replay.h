/*
 * rules/replay.h
 *		The outcome that an earlier copy of a request had.
 */
#ifndef DPMETA_REPLAY_H
#define DPMETA_REPLAY_H

#include "rules/outcome.h"
#include "rules/request.h"

/*
 * False when there was none, or when it is not true any more.  Raises when the
 * actor may not make the change any more.
 */
extern bool replay_find(const WriteRequest *request, WriteOutcome *outcome);

/* Records the outcome for copies that are still to come. */
extern void replay_store(const WriteRequest *request,
						 const WriteOutcome *outcome);

#endif							/* DPMETA_REPLAY_H */
