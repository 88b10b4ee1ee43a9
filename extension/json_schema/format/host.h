/*
 * json_schema/format/host.h
 *		Host names, of ASCII and of all languages.
 */
#ifndef DPMETA_JSON_SCHEMA_FORMAT_HOST_H
#define DPMETA_JSON_SCHEMA_FORMAT_HOST_H

#include "postgres.h"

/* Each is a FormatCheck. */
extern bool format_hostname(const char *str, int len, const char **reason);
extern bool format_idn_hostname(const char *str, int len, const char **reason);

#endif							/* DPMETA_JSON_SCHEMA_FORMAT_HOST_H */
