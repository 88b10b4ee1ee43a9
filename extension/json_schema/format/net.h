/*
 * json_schema/format/net.h
 *		Addresses of machines and of people.
 */
#ifndef DPMETA_JSON_SCHEMA_FORMAT_NET_H
#define DPMETA_JSON_SCHEMA_FORMAT_NET_H

#include "postgres.h"

/* Each is a FormatCheck. */
extern bool format_ipv4(const char *str, int len, const char **reason);
extern bool format_ipv6(const char *str, int len, const char **reason);
extern bool format_email(const char *str, int len, const char **reason);
extern bool format_idn_email(const char *str, int len, const char **reason);

#endif							/* DPMETA_JSON_SCHEMA_FORMAT_NET_H */
