/*
 * base/log.c
 *		One JSON object a line on standard error.
 */
#include "base/log.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Beyond this much unwritten text a line is dropped rather than kept. */
#define LOG_BACKLOG (1024 * 1024)
/* How long the end waits for a slow reader, in milliseconds. */
#define LOG_PATIENCE 500
/* A buffer that grew over this is given back after it was written. */
#define LOG_KEEP (64 * 1024)

static LogLevel level_shown = LOG_REQUESTS;
static Text buffer;
static size_t whole_lines;		/* of the buffer, in bytes */
static uint64_t lost;

static const char *const LEVEL_NAMES[] = {
	[LOG_ERRORS] = "error",
	[LOG_WARNINGS] = "warning",
	[LOG_INFO] = "info",
	[LOG_REQUESTS] = "info",
	[LOG_PROBES] = "info"
};

void
log_set_level(LogLevel level)
{
	level_shown = level;
}

bool
log_wants(LogLevel level)
{
	return level <= level_shown;
}

static void
add_time(Text *line)
{
	static time_t second_shown = -1;
	static char stamp[] = "{\"time\":\"YYYY-MM-DDTHH:MM:SS.mmmZ\"";
	static const size_t at_year = sizeof("{\"time\":\"") - 1;
	static const size_t at_millisecond = sizeof("{\"time\":\"YYYY-MM-DDTHH:MM:SS.") - 1;
	struct timespec clock;
	long		millisecond;

	clock_gettime(CLOCK_REALTIME, &clock);
	if (clock.tv_sec != second_shown)
	{
		char		text[32];
		struct tm	parts;

		gmtime_r(&clock.tv_sec, &parts);
		strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
		memcpy(stamp + at_year, text, sizeof("YYYY-MM-DDTHH:MM:SS") - 1);
		second_shown = clock.tv_sec;
	}
	millisecond = clock.tv_nsec / 1000000;
	stamp[at_millisecond] = (char) ('0' + millisecond / 100);
	stamp[at_millisecond + 1] = (char) ('0' + millisecond / 10 % 10);
	stamp[at_millisecond + 2] = (char) ('0' + millisecond % 10);
	text_add_bytes(line, stamp, sizeof(stamp) - 1);
}

Text *
log_begin(LogLevel level, const char *event)
{
	add_time(&buffer);
	text_add_member(&buffer, "level", LEVEL_NAMES[level]);
	text_add_member(&buffer, "event", event);
	return &buffer;
}

void
log_end(Text *line)
{
	text_add(line, "}\n");
	if (line->length > LOG_BACKLOG)
		log_flush();
	if (line->failed)
		text_free(line);
	else if (line->length > LOG_BACKLOG)
	{
		line->length = whole_lines;
		lost++;
	}
	whole_lines = line->length;
}

static void write_line(LogLevel level, const char *event, const char *format,
					   va_list arguments)
			__attribute__((format(printf, 3, 0)));

static void
write_line(LogLevel level, const char *event, const char *format,
		   va_list arguments)
{
	char		message[1024];
	Text	   *line;

	if (!log_wants(level))
		return;
	vsnprintf(message, sizeof(message), format, arguments);
	line = log_begin(level, event);
	text_add_member(line, "message", message);
	log_end(line);
}

void
log_event(LogLevel level, const char *event, const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	write_line(level, event, format, arguments);
	va_end(arguments);
}

void
log_refusal(const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	write_line(LOG_ERRORS, "start-refused", format, arguments);
	va_end(arguments);
	log_finish();
}

/* A file takes whatever it gets; a pipe, a socket or a terminal may be full. */
static bool
may_be_full(void)
{
	static enum
	{
		UNKNOWN, YES, NO
	}			answer;
	struct stat info;

	if (answer == UNKNOWN)
		answer = fstat(STDERR_FILENO, &info) == 0 &&
			(S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode) ||
			 isatty(STDERR_FILENO)) ? YES : NO;
	return answer == YES;
}

/*
 * As much as can be written without waiting, but for "patience": somebody who
 * stops reading the log must not stop requests.
 */
static ssize_t
write_some(const char *bytes, size_t length, int patience)
{
	struct pollfd out = {.fd = STDERR_FILENO, .events = POLLOUT};

	if (!may_be_full())
		return write(STDERR_FILENO, bytes, length);
	if (poll(&out, 1, patience) == 0)
	{
		errno = EAGAIN;
		return -1;
	}
	/* A pipe that has any room takes this much. */
	return write(STDERR_FILENO, bytes, length < PIPE_BUF ? length : PIPE_BUF);
}

/*
 * What does not fit on a full disk is lost; what a slow reader has not read is
 * kept.
 */
static void
write_buffer(int patience)
{
	size_t		written = 0;

	while (written < buffer.length)
	{
		ssize_t		some = write_some(buffer.data + written,
									  buffer.length - written, patience);

		if (some > 0)
			written += (size_t) some;
		else if (some < 0 && errno == EAGAIN)
			break;
		else if (some == 0 || errno != EINTR)
			written = buffer.length;
	}
	buffer.length -= written;
	whole_lines -= written < whole_lines ? written : whole_lines;
	if (buffer.length > 0)
		memmove(buffer.data, buffer.data + written, buffer.length);
	else if (buffer.size > LOG_KEEP)
		text_free(&buffer);
}

bool
log_flush(void)
{
	write_buffer(0);
	return buffer.length == 0;
}

void
log_finish(void)
{
	write_buffer(LOG_PATIENCE);
}

uint64_t
log_lost(void)
{
	return lost;
}
