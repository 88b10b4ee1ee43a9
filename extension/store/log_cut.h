/*
 * store/log_cut.h
 *		Removing the oldest events from the log.
 */
#ifndef DPMETA_LOG_CUT_H
#define DPMETA_LOG_CUT_H

#include "postgres.h"
#include "utils/timestamp.h"

/*
 * Removes the events before a time that made no version, and the past facts of
 * before, and notes that.  Returns how many events there were.
 */
extern int64 log_cut(TimestampTz before, const char *actor);

#endif							/* DPMETA_LOG_CUT_H */
