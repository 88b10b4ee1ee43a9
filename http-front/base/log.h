/*
 * base/log.h
 *		One JSON object a line on standard error.
 *
 * Lines are gathered and written once a turn of the loop, so that logging
 * every request costs a fraction of a system call.  Loop's thread only.
 */
#ifndef DPMETA_LOG_H
#define DPMETA_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

typedef enum LogLevel
{
	LOG_ERRORS,
	LOG_WARNINGS,
	LOG_INFO,
	LOG_REQUESTS,
	LOG_PROBES					/* those who watch us, when all is well */
} LogLevel;

extern void log_set_level(LogLevel level);
extern bool log_wants(LogLevel level);

/* Begin a line, add members with text_add_member() and the like, end it. */
extern Text *log_begin(LogLevel level, const char *event);
extern void log_end(Text *line);

/* A whole line with one sentence in "message". */
extern void log_event(LogLevel level, const char *event,
					  const char *format,...)
			__attribute__((format(printf, 3, 4)));

/* Say at once why the program does not start: one sentence for each fault. */
extern void log_refusal(const char *format,...)
			__attribute__((format(printf, 1, 2)));

/* False when the log's reader is slow and there is more to write. */
extern bool log_flush(void);

/* The same at the end of the program, which waits a moment for the reader. */
extern void log_finish(void);

/* Lines that were dropped because the reader was slow. */
extern uint64_t log_lost(void);

#endif							/* DPMETA_LOG_H */
