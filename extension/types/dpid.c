/*
 * types/dpid.c
 *		The type dpid: a "dp:" ID, parsed.
 *
 * The stored bytes are
 *
 *		name, major, minor, table
 *
 * where major and minor are each a byte that counts the bytes after it, and
 * then the number, most significant byte first and without leading zeros.  No
 * major at all is stored as 0 and ends the version: the ID means the latest.
 * The minor is stored plus 1, because 0 says that the ID gives none.
 *
 * So equal IDs are equal bytes, and the order of the bytes is the order of
 * IDs: by name, then the latest before major 1 before v1.0 before v1.1, then
 * the data product before its tables.  The count also ends the name, because it
 * is less than any byte of a name.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "nodes/nodes.h"
#include "utils/builtins.h"

#include "compat.h"
#include "errors.h"
#include "types/dpid.h"
#include "types/scan.h"

/* The most bytes that a number takes, and that an ID takes. */
#define STORED_NUMBER_MAX		(1 + sizeof(uint32))
#define STORED_ID_MAX			(2 * DP_NAME_MAX + 2 * STORED_NUMBER_MAX)

/* A count of bytes must be less than any byte of a name. */
StaticAssertDecl(STORED_NUMBER_MAX < '0', "a stored count ends a name");

bool
dp_name_is_valid(const char *str, int len)
{
	return len >= 1 && len <= DP_NAME_MAX && scan_name(str, str + len) == len;
}

/* Is this "v" and digits only, which reads as a version? */
static bool
looks_like_version(const char *str, int len)
{
	if (len < 2 || str[0] != 'v')
		return false;
	for (int i = 1; i < len; i++)
	{
		if (str[i] < '0' || str[i] > '9')
			return false;
	}
	return true;
}

bool
dp_table_name_is_valid(const char *str, int len)
{
	return dp_name_is_valid(str, len) && !looks_like_version(str, len);
}

/* Steps to the next part, behind the colon at *cur; false at the end. */
static bool
next_part(const char **cur, const char *end, const char **part, int *len)
{
	const char *colon;

	if (*cur == end)
		return false;

	*part = *cur + 1;
	colon = memchr(*part, ':', end - *part);
	*cur = colon ? colon : end;
	*len = *cur - *part;
	return true;
}

/* Reads "v1" or "v1.0" into parts; false, with parts untouched, if it is none. */
static bool
parse_version_part(const char *cur, int len, DpIdParts *parts)
{
	const char *end = cur + len;
	DpIdForm	form = DPID_MAJOR;
	int32		major;
	int32		minor = 0;

	if (cur == end || *cur++ != 'v')
		return false;
	if (!scan_number(&cur, end, &major) || major < 1)
		return false;
	if (cur < end && *cur == '.')
	{
		cur++;
		if (!scan_number(&cur, end, &minor))
			return false;
		form = DPID_EXACT;
	}
	if (cur != end)
		return false;

	parts->form = form;
	parts->version = dpversion_make(major, minor);
	return true;
}

/* Copies a name that was found valid; returns its length. */
static int
copy_name(char *dest, const char *src, int len)
{
	memcpy(dest, src, len);
	dest[len] = '\0';
	return len;
}

/* No version, no names. */
static void
clear_parts(DpIdParts *parts)
{
	parts->form = DPID_LATEST;
	parts->version = 0;
	parts->name_len = copy_name(parts->name, "", 0);
	parts->table_len = copy_name(parts->table, "", 0);
}

bool
dpid_parse(const char *str, int len, DpIdParts *parts)
{
	const char *end = str + len;
	const char *cur;
	const char *part;
	int			part_len;
	bool		more;

	clear_parts(parts);
	if (len < 3 || memcmp(str, "dp:", 3) != 0)
		return false;
	cur = str + 2;

	if (!next_part(&cur, end, &part, &part_len) ||
		!dp_name_is_valid(part, part_len))
		return false;
	parts->name_len = copy_name(parts->name, part, part_len);

	more = next_part(&cur, end, &part, &part_len);
	if (more && parse_version_part(part, part_len, parts))
		more = next_part(&cur, end, &part, &part_len);

	if (more)
	{
		if (!dp_table_name_is_valid(part, part_len))
			return false;
		parts->table_len = copy_name(parts->table, part, part_len);
		more = next_part(&cur, end, &part, &part_len);
	}

	return !more;
}

int
dpid_format(const DpIdParts *parts, char *buf)
{
	char	   *pos = buf;

	memcpy(pos, "dp:", 3);
	pos += 3;
	pos += copy_name(pos, parts->name, parts->name_len);

	if (parts->form != DPID_LATEST)
		*pos++ = ':';
	if (parts->form == DPID_EXACT)
		pos += dpversion_format(parts->version, pos);
	else if (parts->form == DPID_MAJOR)
	{
		*pos++ = 'v';
		pos += pg_ltoa(dpversion_major(parts->version), pos);
	}

	if (parts->table_len > 0)
	{
		*pos++ = ':';
		pos += copy_name(pos, parts->table, parts->table_len);
	}

	*pos = '\0';
	return pos - buf;
}

/* Stores a number at pos; returns the place after it. */
static unsigned char *
store_number(unsigned char *pos, uint32 number)
{
	int			count = 0;

	while (count < sizeof(number) && number >> (8 * count) != 0)
		count++;

	*pos++ = count;
	while (count > 0)
		*pos++ = (number >> (8 * --count)) & 0xFF;
	return pos;
}

/* Loads a number at *pos and moves past it; false if the bytes hold none. */
static bool
load_number(const unsigned char **pos, const unsigned char *end,
			uint32 *number)
{
	int			count;

	if (*pos == end || **pos > sizeof(*number))
		return false;
	count = *(*pos)++;
	if (end - *pos < count)
		return false;

	*number = 0;
	while (count-- > 0)
		*number = *number << 8 | *(*pos)++;
	return true;
}

DpId *
dpid_build(const DpIdParts *parts)
{
	DpId	   *id = (DpId *) palloc(VARHDRSZ + STORED_ID_MAX);
	unsigned char *pos = (unsigned char *) VARDATA(id);
	uint32		minor = 0;

	memcpy(pos, parts->name, parts->name_len);
	pos += parts->name_len;

	if (parts->form == DPID_LATEST)
		pos = store_number(pos, 0);
	else
	{
		if (parts->form == DPID_EXACT)
			minor = (uint32) dpversion_minor(parts->version) + 1;
		pos = store_number(pos, dpversion_major(parts->version));
		pos = store_number(pos, minor);
	}

	memcpy(pos, parts->table, parts->table_len);
	pos += parts->table_len;

	SET_VARSIZE(id, pos - (unsigned char *) id);
	return id;
}

/* Loads the version at *pos; false if the bytes hold none. */
static bool
load_version(const unsigned char **pos, const unsigned char *end,
			 DpIdParts *parts)
{
	uint32		major;
	uint32		minor;

	if (!load_number(pos, end, &major))
		return false;
	if (major == 0)
		return true;
	if (!load_number(pos, end, &minor))
		return false;
	if (major > DPVERSION_PART_MAX || minor > (uint32) DPVERSION_PART_MAX + 1)
		return false;

	parts->form = minor > 0 ? DPID_EXACT : DPID_MAJOR;
	parts->version = dpversion_make(major, minor > 0 ? minor - 1 : 0);
	return true;
}

void
dpid_parts(const DpId *id, DpIdParts *parts)
{
	const unsigned char *start = (const unsigned char *) VARDATA_ANY(id);
	const unsigned char *end = start + VARSIZE_ANY_EXHDR(id);
	const unsigned char *pos = start;

	clear_parts(parts);
	while (pos < end && *pos > STORED_NUMBER_MAX)
		pos++;

	/* What was stored was valid, but a disk may fail.  So check all bounds. */
	if (pos - start <= DP_NAME_MAX)
	{
		parts->name_len = copy_name(parts->name, (const char *) start,
									pos - start);
		if (load_version(&pos, end, parts) && end - pos <= DP_NAME_MAX)
		{
			parts->table_len = copy_name(parts->table, (const char *) pos,
										 end - pos);
			return;
		}
	}

	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("stored value of type %s is corrupt", "dpid")));
}

/*
 * The one place that decides whether a text is an ID.  Returns NULL after a
 * soft error.
 */
static DpId *
id_from_text(const char *str, int len, Node *escontext)
{
	DpIdParts	parts;

	if (!dpid_parse(str, len, &parts))
		ereturn(escontext, NULL,
				(errcode(ERRCODE_DP_INVALID_ID),
				 errmsg("invalid id: %s", scan_excerpt(str, len)),
				 errdetail("An ID starts with \"dp:\", and names a data product, perhaps a version, and perhaps a table."),
				 errhint("Write dp:NAME[:vMAJOR[.MINOR]][:TABLE]. NAME and TABLE are 1 to %d of a-z, 0-9 and _, and TABLE is not v and digits only. MAJOR is from 1 and MINOR from 0 to %d, without leading zeros.",
						 DP_NAME_MAX, DPVERSION_PART_MAX)));

	return dpid_build(&parts);
}

/* Text input. */
PG_FUNCTION_INFO_V1(dpid_in);
Datum
dpid_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);

	PG_RETURN_DPID_P(id_from_text(str, strlen(str), fcinfo->context));
}

/* Text output. */
PG_FUNCTION_INFO_V1(dpid_out);
Datum
dpid_out(PG_FUNCTION_ARGS)
{
	DpIdParts	parts;
	char		buf[DPID_BUFSIZE];
	int			len;

	dpid_parts(PG_GETARG_DPID_P(0), &parts);
	len = dpid_format(&parts, buf);
	PG_RETURN_CSTRING(pnstrdup(buf, len));
}

/* Binary input: the format's number, then the text form. */
PG_FUNCTION_INFO_V1(dpid_recv);
Datum
dpid_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	char	   *str;
	int			len;

	scan_binary_format(buf, "dpid");
	str = pq_getmsgtext(buf, buf->len - buf->cursor, &len);
	PG_RETURN_DPID_P(id_from_text(str, len, NULL));
}

/* Binary output. */
PG_FUNCTION_INFO_V1(dpid_send);
Datum
dpid_send(PG_FUNCTION_ARGS)
{
	DpIdParts	parts;
	char		str[DPID_BUFSIZE];
	int			len;
	StringInfoData buf;

	dpid_parts(PG_GETARG_DPID_P(0), &parts);
	len = dpid_format(&parts, str);

	pq_begintypsend(&buf);
	pq_sendint8(&buf, BINARY_FORMAT);
	pq_sendtext(&buf, str, len);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* Appends a part of an ID as it was given; says whether it is valid. */
static bool
append_part(StringInfo buf, const text *part,
			bool (*is_valid) (const char *str, int len))
{
	const char *str = VARDATA_ANY(part);
	int			len = VARSIZE_ANY_EXHDR(part);

	appendBinaryStringInfo(buf, str, len);
	return is_valid(str, len);
}

/*
 * Makes an ID from its parts.  They are joined, so that an error can show the
 * whole, but checked one by one, because a colon in a part must not make it
 * two.
 */
PG_FUNCTION_INFO_V1(dpid_construct);
Datum
dpid_construct(PG_FUNCTION_ARGS)
{
	StringInfoData buf;
	bool		valid;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();

	initStringInfo(&buf);
	appendStringInfoString(&buf, "dp:");
	valid = append_part(&buf, PG_GETARG_TEXT_PP(0), dp_name_is_valid);
	if (!PG_ARGISNULL(1))
	{
		char		version[DPVERSION_BUFSIZE];
		int			len = dpversion_format(PG_GETARG_DPVERSION(1), version);

		appendStringInfoChar(&buf, ':');
		appendBinaryStringInfo(&buf, version, len);
	}
	if (PG_NARGS() > 2 && !PG_ARGISNULL(2))
	{
		appendStringInfoChar(&buf, ':');
		valid &= append_part(&buf, PG_GETARG_TEXT_PP(2),
							 dp_table_name_is_valid);
	}

	if (!valid)
		ereport(ERROR,
				(errcode(ERRCODE_DP_INVALID_ID),
				 errmsg("invalid id: %s", scan_excerpt(buf.data, buf.len)),
				 errdetail("It was made of a name, a version and a table."),
				 errhint("Give names of 1 to %d of a-z, 0-9 and _, the table's not v and digits only. To read a whole ID from its text, cast it: 'dp:x'::dpmeta.dpid.",
						 DP_NAME_MAX)));

	PG_RETURN_DPID_P(id_from_text(buf.data, buf.len, NULL));
}

/* The name of the data product. */
PG_FUNCTION_INFO_V1(dpid_get_name);
Datum
dpid_get_name(PG_FUNCTION_ARGS)
{
	DpIdParts	parts;

	dpid_parts(PG_GETARG_DPID_P(0), &parts);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(parts.name, parts.name_len));
}

/* The version, of an ID that gives major and minor. */
PG_FUNCTION_INFO_V1(dpid_get_version);
Datum
dpid_get_version(PG_FUNCTION_ARGS)
{
	DpIdParts	parts;

	dpid_parts(PG_GETARG_DPID_P(0), &parts);
	if (parts.form != DPID_EXACT)
		PG_RETURN_NULL();
	PG_RETURN_DPVERSION(parts.version);
}

/* The major version, of an ID that gives one. */
PG_FUNCTION_INFO_V1(dpid_get_major);
Datum
dpid_get_major(PG_FUNCTION_ARGS)
{
	DpIdParts	parts;

	dpid_parts(PG_GETARG_DPID_P(0), &parts);
	if (parts.form == DPID_LATEST)
		PG_RETURN_NULL();
	PG_RETURN_INT32(dpversion_major(parts.version));
}

/* The name of the table, of an ID of one. */
PG_FUNCTION_INFO_V1(dpid_get_table);
Datum
dpid_get_table(PG_FUNCTION_ARGS)
{
	DpIdParts	parts;

	dpid_parts(PG_GETARG_DPID_P(0), &parts);
	if (parts.table_len == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(parts.table, parts.table_len));
}

/* Is it the ID of a table? */
PG_FUNCTION_INFO_V1(dpid_is_table);
Datum
dpid_is_table(PG_FUNCTION_ARGS)
{
	DpIdParts	parts;

	dpid_parts(PG_GETARG_DPID_P(0), &parts);
	PG_RETURN_BOOL(parts.table_len > 0);
}
