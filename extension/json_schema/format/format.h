/*
 * json_schema/format/format.h
 *		The formats that can be asserted.
 */
#ifndef DPMETA_JSON_SCHEMA_FORMAT_H
#define DPMETA_JSON_SCHEMA_FORMAT_H

#include "json_schema/dialect.h"

/* On false may set a reason, a sentence part. */
typedef bool (*FormatCheck) (const char *str, int len, const char **reason);

typedef struct StringFormat
{
	const char *name;
	FormatCheck check;
	const char *noun;			/* "an email address" */
	SchemaDraft since;
	bool		always;			/* asserted even when that was not asked for */
} StringFormat;

/* The format that the draft knows by that name, or NULL. */
extern const StringFormat *json_format_find(const char *name, int len,
											SchemaDraft draft);

/* Dates and times, in json_schema/format/time.c */
extern bool format_date(const char *str, int len, const char **reason);
extern bool format_time(const char *str, int len, const char **reason);
extern bool format_date_time(const char *str, int len, const char **reason);
extern bool format_duration(const char *str, int len, const char **reason);

/* Addresses, in json_schema/format/net.c */
extern bool format_ipv4(const char *str, int len, const char **reason);
extern bool format_ipv6(const char *str, int len, const char **reason);
extern bool format_email(const char *str, int len, const char **reason);
extern bool format_idn_email(const char *str, int len, const char **reason);

/* Host names, in json_schema/format/host.c */
extern bool format_hostname(const char *str, int len, const char **reason);
extern bool format_idn_hostname(const char *str, int len, const char **reason);

/* URIs, in json_schema/format/uri.c */
extern bool format_uri(const char *str, int len, const char **reason);
extern bool format_uri_reference(const char *str, int len, const char **reason);
extern bool format_iri(const char *str, int len, const char **reason);
extern bool format_iri_reference(const char *str, int len, const char **reason);
extern bool format_uri_template(const char *str, int len, const char **reason);

#endif							/* DPMETA_JSON_SCHEMA_FORMAT_H */
