/*
 * json_schema/format/time.h
 *		Dates and times (RFC 3339), and durations (ISO 8601).
 */
#ifndef DPMETA_JSON_SCHEMA_FORMAT_TIME_H
#define DPMETA_JSON_SCHEMA_FORMAT_TIME_H

#include "postgres.h"

/* Each is a FormatCheck. */
extern bool format_date(const char *str, int len, const char **reason);
extern bool format_time(const char *str, int len, const char **reason);
extern bool format_date_time(const char *str, int len, const char **reason);
extern bool format_duration(const char *str, int len, const char **reason);

#endif							/* DPMETA_JSON_SCHEMA_FORMAT_TIME_H */
