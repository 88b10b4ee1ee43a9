/*
 * json_schema/format/format.c
 *		The table of formats, and the shorter ones.
 */
#include "postgres.h"

#include "json_schema/format/format.h"
#include "json_schema/format/host.h"
#include "json_schema/format/net.h"
#include "json_schema/format/time.h"
#include "json_schema/format/uri.h"
#include "json_schema/hex.h"
#include "json_schema/pattern/pattern.h"
#include "types/type_parser.h"

static bool
format_column_type(const char *str, int len, const char **reason)
{
	int			fault_at;

	if (column_type_parse(str, len, NULL, &fault_at, reason))
		return true;
	*reason = column_type_fault(str, len, fault_at, *reason);
	return false;
}

static bool
format_regex(const char *str, int len, const char **reason)
{
	return json_pattern_is_valid(str, len, reason);
}

static bool
format_uuid(const char *str, int len, const char **reason)
{
	if (len != 36)
		return false;
	for (int i = 0; i < len; i++)
	{
		bool		dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? str[i] != '-' : !is_hex(str[i]))
			return false;
	}
	return true;
}

static bool
format_json_pointer(const char *str, int len, const char **reason)
{
	if (len > 0 && str[0] != '/')
		return false;
	for (int i = 0; i < len; i++)
	{
		if (str[i] == '~' &&
			(i + 1 >= len || (str[i + 1] != '0' && str[i + 1] != '1')))
			return false;
	}
	return true;
}

static bool
format_relative_json_pointer(const char *str, int len, const char **reason)
{
	int			digits = 0;

	while (digits < len && str[digits] >= '0' && str[digits] <= '9')
		digits++;
	if (digits == 0 || (digits > 1 && str[0] == '0'))
		return false;
	if (len - digits == 1 && str[digits] == '#')
		return true;
	return format_json_pointer(str + digits, len - digits, reason);
}

static const StringFormat formats[] = {
	{"column-type", format_column_type, "a column type", DRAFT_04, true, true},
	{"date", format_date, "a date such as 2026-01-31", DRAFT_07},
	{"date-time", format_date_time, "a date and time such as 2026-01-31T12:30:00Z", DRAFT_04},
	{"duration", format_duration, "a duration such as P1DT12H", DRAFT_2019_09},
	{"email", format_email, "an email address", DRAFT_04},
	{"hostname", format_hostname, "a host name", DRAFT_04},
	{"idn-email", format_idn_email, "an email address", DRAFT_07},
	{"idn-hostname", format_idn_hostname, "a host name", DRAFT_07},
	{"ipv4", format_ipv4, "an IPv4 address", DRAFT_04},
	{"ipv6", format_ipv6, "an IPv6 address", DRAFT_04},
	{"iri", format_iri, "an IRI", DRAFT_07},
	{"iri-reference", format_iri_reference, "an IRI reference", DRAFT_07},
	{"json-pointer", format_json_pointer, "a JSON Pointer", DRAFT_06},
	{"regex", format_regex, "a regular expression of ECMA-262", DRAFT_07},
	{"relative-json-pointer", format_relative_json_pointer, "a relative JSON Pointer", DRAFT_07},
	{"time", format_time, "a time such as 12:30:00Z", DRAFT_07},
	{"uri", format_uri, "a URI", DRAFT_04},
	{"uri-reference", format_uri_reference, "a URI reference", DRAFT_06},
	{"uri-template", format_uri_template, "a URI template", DRAFT_06},
	{"uuid", format_uuid, "a UUID", DRAFT_2019_09},
};

const StringFormat *
json_format_find(const char *name, int len, SchemaDraft draft)
{
	for (int i = 0; i < lengthof(formats); i++)
	{
		if (formats[i].since <= draft && len == strlen(formats[i].name) &&
			memcmp(name, formats[i].name, len) == 0)
			return &formats[i];
	}
	return NULL;
}
