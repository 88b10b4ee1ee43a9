/*
 * json_schema/uri.c
 *		URI references: taking apart and resolving as RFC 3986 says.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"

#include "json_schema/hex.h"
#include "json_schema/uri.h"

/* Sets a part and says how many bytes up to and with it were read. */
static void
set_part(UriPart *part, const char *str, int len)
{
	part->str = str;
	part->len = len;
}

/* Bytes of str before the first of the delimiters. */
static int
span_until(const char *str, int len, const char *delimiters)
{
	int			i = 0;

	while (i < len && (str[i] == '\0' || strchr(delimiters, str[i]) == NULL))
		i++;
	return i;
}

/* Length of a scheme at the start of str, without its colon; 0 if none. */
static int
scheme_length(const char *str, int len)
{
	int			i = 0;

	if (len == 0 || !isalpha((unsigned char) str[0]) || IS_HIGHBIT_SET(str[0]))
		return 0;
	while (i < len && !IS_HIGHBIT_SET(str[i]) &&
		   (isalnum((unsigned char) str[i]) || strchr("+-.", str[i])))
		i++;
	return i < len && str[i] == ':' ? i : 0;
}

/* The expression of RFC 3986, appendix B: never fails, checks nothing. */
void
uri_split(const char *str, int len, UriParts *parts)
{
	const char *end = str + len;
	int			n = scheme_length(str, len);

	memset(parts, 0, sizeof(*parts));
	if (n > 0)
	{
		set_part(&parts->scheme, str, n);
		str += n + 1;
	}
	if (end - str >= 2 && str[0] == '/' && str[1] == '/')
	{
		str += 2;
		n = span_until(str, end - str, "/?#");
		set_part(&parts->authority, str, n);
		str += n;
	}
	n = span_until(str, end - str, "?#");
	set_part(&parts->path, str, n);
	str += n;
	if (str < end && *str == '?')
	{
		str++;
		n = span_until(str, end - str, "#");
		set_part(&parts->query, str, n);
		str += n;
	}
	if (str < end)
		set_part(&parts->fragment, str + 1, end - str - 1);
}

/* The byte that is percent-encoded at str, or -1 if none is. */
static int
encoded_byte(const char *str, int len)
{
	int			high;
	int			low;

	if (len < 3 || str[0] != '%')
		return -1;
	high = hex_value((unsigned char) str[1]);
	low = hex_value((unsigned char) str[2]);
	return high >= 0 && low >= 0 && high + low > 0 ? high << 4 | low : -1;
}

/*
 * Appends bytes of UTF-8 in the server's encoding; false if it does not have
 * them, and then nothing was appended.
 */
static bool
append_utf8(StringInfo buf, char *bytes, int len)
{
	int			encoding = GetDatabaseEncoding();
	int			size = len * MAX_CONVERSION_GROWTH + 1;
	Oid			proc;
	char	   *converted;

	if (encoding == PG_UTF8 || encoding == PG_SQL_ASCII)
	{
		appendBinaryStringInfo(buf, bytes, len);
		return true;
	}
	proc = FindDefaultConversionProc(PG_UTF8, encoding);
	converted = palloc(size);
	if (!OidIsValid(proc) ||
		pg_do_encoding_conversion_buf(proc, PG_UTF8, encoding,
									  (unsigned char *) bytes, len,
									  (unsigned char *) converted, size,
									  true) < len)
		return false;
	appendStringInfoString(buf, converted);
	return true;
}

/*
 * Undoes percent-encoding, which is of UTF-8 whatever the server's encoding;
 * what is no encoding, or of no character here, stays as it is.
 */
static char *
percent_decode(const UriPart *part)
{
	StringInfoData buf;
	StringInfoData run;
	int			i = 0;

	initStringInfo(&buf);
	initStringInfo(&run);
	while (i < part->len)
	{
		int			start = i;
		int			byte;

		resetStringInfo(&run);
		while ((byte = encoded_byte(part->str + i, part->len - i)) >= 0)
		{
			appendStringInfoChar(&run, (char) byte);
			i += 3;
		}
		if (i == start)
			appendStringInfoChar(&buf, part->str[i++]);
		else if (!append_utf8(&buf, run.data, run.len))
			appendBinaryStringInfo(&buf, part->str + start, i - start);
	}
	pfree(run.data);
	return buf.data;
}

/* Drops the last segment, with its slash, from what was written after start. */
static void
drop_segment(StringInfo buf, int start)
{
	while (buf->len > start && buf->data[buf->len - 1] != '/')
		buf->len--;
	if (buf->len > start)
		buf->len--;
	buf->data[buf->len] = '\0';
}

/* RFC 3986, 5.2.4, for a path that begins with a slash; others stay. */
static void
append_without_dots(StringInfo buf, const char *path, int len)
{
	int			start = buf->len;
	const char *end = path + len;

	if (len == 0 || path[0] != '/')
	{
		appendBinaryStringInfo(buf, path, len);
		return;
	}
	while (path < end)
	{
		const char *segment = path + 1;
		int			n = span_until(segment, end - segment, "/");
		bool		last = segment + n == end;

		if (n == 2 && memcmp(segment, "..", 2) == 0)
		{
			drop_segment(buf, start);
			if (last)
				appendStringInfoChar(buf, '/');
		}
		else if (n == 1 && segment[0] == '.')
		{
			if (last)
				appendStringInfoChar(buf, '/');
		}
		else
			appendBinaryStringInfo(buf, path, n + 1);
		path = segment + n;
	}
}

static void
append_authority(StringInfo buf, const UriPart *authority)
{
	if (authority->str == NULL)
		return;
	appendStringInfoString(buf, "//");
	appendBinaryStringInfo(buf, authority->str, authority->len);
}

static void
append_query(StringInfo buf, const UriPart *query)
{
	if (query->str == NULL)
		return;
	appendStringInfoChar(buf, '?');
	appendBinaryStringInfo(buf, query->str, query->len);
}

/*
 * RFC 3986, 5.2.3: the base's path up to its last slash, then the reference's.
 */
static void
append_merged_path(StringInfo buf, const UriParts *base, const UriPart *path)
{
	StringInfoData merged;
	int			keep = base->path.len;

	initStringInfo(&merged);
	while (keep > 0 && base->path.str[keep - 1] != '/')
		keep--;
	if (base->authority.str != NULL && base->path.len == 0)
		appendStringInfoChar(&merged, '/');
	appendBinaryStringInfo(&merged, base->path.str, keep);
	appendBinaryStringInfo(&merged, path->str, path->len);
	append_without_dots(buf, merged.data, merged.len);
	pfree(merged.data);
}

/* The cases of RFC 3986, 5.2.2, where the reference has no authority. */
static void
append_relative(StringInfo buf, const UriParts *base, const UriParts *ref)
{
	append_authority(buf, &base->authority);
	if (ref->path.len == 0)
	{
		appendBinaryStringInfo(buf, base->path.str, base->path.len);
		append_query(buf, ref->query.str ? &ref->query : &base->query);
		return;
	}
	if (ref->path.str[0] == '/')
		append_without_dots(buf, ref->path.str, ref->path.len);
	else
		append_merged_path(buf, base, &ref->path);
	append_query(buf, &ref->query);
}

char *
uri_resolve(const char *base, const char *ref, int len, char **fragment)
{
	UriParts	base_parts;
	UriParts	ref_parts;
	const UriPart *scheme;
	StringInfoData buf;

	uri_split(base, strlen(base), &base_parts);
	uri_split(ref, len, &ref_parts);
	initStringInfo(&buf);
	scheme = ref_parts.scheme.str ? &ref_parts.scheme : &base_parts.scheme;
	if (scheme->str != NULL)
	{
		appendBinaryStringInfo(&buf, scheme->str, scheme->len);
		appendStringInfoChar(&buf, ':');
	}
	if (ref_parts.scheme.str != NULL || ref_parts.authority.str != NULL)
	{
		append_authority(&buf, &ref_parts.authority);
		append_without_dots(&buf, ref_parts.path.str, ref_parts.path.len);
		append_query(&buf, &ref_parts.query);
	}
	else
		append_relative(&buf, &base_parts, &ref_parts);
	if (fragment != NULL)
		*fragment = ref_parts.fragment.str ?
			percent_decode(&ref_parts.fragment) : NULL;
	return buf.data;
}

char *
uri_drop_empty_fragment(char *uri)
{
	int			len = strlen(uri);

	if (len > 0 && uri[len - 1] == '#')
		uri[len - 1] = '\0';
	return uri;
}
