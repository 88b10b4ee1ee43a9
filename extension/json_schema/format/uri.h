/*
 * json_schema/format/uri.h
 *		URIs (RFC 3986), IRIs (RFC 3987) and URI templates (RFC 6570).
 */
#ifndef DPMETA_JSON_SCHEMA_FORMAT_URI_H
#define DPMETA_JSON_SCHEMA_FORMAT_URI_H

#include "postgres.h"

#define URI_RELATIVE	0x01	/* a relative reference will do */
#define URI_IRI			0x02	/* RFC 3987: code points beyond ASCII */
#define URI_PRIVATE		0x04	/* for private use as well, as in a query */

extern bool uri_is_valid(const char *str, int len, int options);


/* Each is a FormatCheck. */
extern bool format_uri(const char *str, int len, const char **reason);
extern bool format_uri_reference(const char *str, int len, const char **reason);
extern bool format_iri(const char *str, int len, const char **reason);
extern bool format_iri_reference(const char *str, int len, const char **reason);
extern bool format_uri_template(const char *str, int len, const char **reason);

#endif							/* DPMETA_JSON_SCHEMA_FORMAT_URI_H */
