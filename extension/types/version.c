/*
 * types/version.c
 *		The type dpversion: the version of a data product.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/sortsupport.h"

#include "compat.h"
#include "types/scan.h"
#include "types/version.h"

/* The type is declared PASSEDBYVALUE, and sorts as a bare Datum. */
StaticAssertDecl(SIZEOF_DATUM >= 8, "dpversion is passed by value in 8 bytes");

bool
dpversion_parse(const char *str, DpVersion *version)
{
	const char *end = str + strlen(str);
	int32		major;
	int32		minor;

	if (*str++ != 'v')
		return false;
	if (!scan_number(&str, end, &major) || major < 1)
		return false;
	if (*str++ != '.')
		return false;
	if (!scan_number(&str, end, &minor) || str != end)
		return false;

	*version = dpversion_make(major, minor);
	return true;
}

int
dpversion_format(DpVersion version, char *buf)
{
	char	   *pos = buf;

	*pos++ = 'v';
	pos += pg_ltoa(dpversion_major(version), pos);
	*pos++ = '.';
	pos += pg_ltoa(dpversion_minor(version), pos);

	return pos - buf;
}

/*
 * Text input.  The grammar lives in dpversion_parse(); this only turns its
 * refusal into an error a person can act on.
 */
PG_FUNCTION_INFO_V1(dpversion_in);
Datum
dpversion_in(PG_FUNCTION_ARGS)
{
	char	   *str = PG_GETARG_CSTRING(0);
	DpVersion	version;

	if (!dpversion_parse(str, &version))
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%s\"",
						"dpversion", scan_excerpt(str, strlen(str))),
				 errhint("Write vMAJOR.MINOR, for example v1.4, with MAJOR from 1 and MINOR from 0 to %d and no leading zeros.",
						 DPVERSION_PART_MAX)));

	PG_RETURN_DPVERSION(version);
}

/* Text output. */
PG_FUNCTION_INFO_V1(dpversion_out);
Datum
dpversion_out(PG_FUNCTION_ARGS)
{
	char		buf[DPVERSION_BUFSIZE];
	int			len = dpversion_format(PG_GETARG_DPVERSION(0), buf);

	PG_RETURN_CSTRING(pnstrdup(buf, len));
}

/* Are these the parts of a version? */
static inline bool
parts_are_valid(int32 major, int32 minor)
{
	return major >= 1 && minor >= 0;
}

/* Binary input: the format's number, then major and minor. */
PG_FUNCTION_INFO_V1(dpversion_recv);
Datum
dpversion_recv(PG_FUNCTION_ARGS)
{
	StringInfo	buf = (StringInfo) PG_GETARG_POINTER(0);
	int32		major;
	int32		minor;

	scan_binary_format(buf, "dpversion");
	major = pq_getmsgint(buf, 4);
	minor = pq_getmsgint(buf, 4);
	if (!parts_are_valid(major, minor))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary value of type %s", "dpversion"),
				 errdetail("Its major is %d and its minor is %d.",
						   major, minor),
				 errhint("Send a major from 1 and a minor from 0.")));

	PG_RETURN_DPVERSION(dpversion_make(major, minor));
}

/* Binary output. */
PG_FUNCTION_INFO_V1(dpversion_send);
Datum
dpversion_send(PG_FUNCTION_ARGS)
{
	DpVersion	version = PG_GETARG_DPVERSION(0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendint8(&buf, BINARY_FORMAT);
	pq_sendint32(&buf, dpversion_major(version));
	pq_sendint32(&buf, dpversion_minor(version));

	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* A version of its two parts. */
PG_FUNCTION_INFO_V1(dpversion_construct);
Datum
dpversion_construct(PG_FUNCTION_ARGS)
{
	int32		major = PG_GETARG_INT32(0);
	int32		minor = PG_GETARG_INT32(1);

	if (!parts_are_valid(major, minor))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("version is out of range: major %d, minor %d",
						major, minor),
				 errhint("Give a major from 1 and a minor from 0.")));

	PG_RETURN_DPVERSION(dpversion_make(major, minor));
}

/* The major part. */
PG_FUNCTION_INFO_V1(dpversion_get_major);
Datum
dpversion_get_major(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(dpversion_major(PG_GETARG_DPVERSION(0)));
}

/* The minor part. */
PG_FUNCTION_INFO_V1(dpversion_get_minor);
Datum
dpversion_get_minor(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(dpversion_minor(PG_GETARG_DPVERSION(0)));
}

/* The operator =. */
PG_FUNCTION_INFO_V1(dpversion_eq);
Datum
dpversion_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_DPVERSION(0) == PG_GETARG_DPVERSION(1));
}

/* The operator <>. */
PG_FUNCTION_INFO_V1(dpversion_ne);
Datum
dpversion_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_DPVERSION(0) != PG_GETARG_DPVERSION(1));
}

/* The operator <. */
PG_FUNCTION_INFO_V1(dpversion_lt);
Datum
dpversion_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_DPVERSION(0) < PG_GETARG_DPVERSION(1));
}

/* The operator <=. */
PG_FUNCTION_INFO_V1(dpversion_le);
Datum
dpversion_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_DPVERSION(0) <= PG_GETARG_DPVERSION(1));
}

/* The operator >. */
PG_FUNCTION_INFO_V1(dpversion_gt);
Datum
dpversion_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_DPVERSION(0) > PG_GETARG_DPVERSION(1));
}

/* The operator >=. */
PG_FUNCTION_INFO_V1(dpversion_ge);
Datum
dpversion_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(PG_GETARG_DPVERSION(0) >= PG_GETARG_DPVERSION(1));
}

/* The order of a B-tree. */
PG_FUNCTION_INFO_V1(dpversion_cmp);
Datum
dpversion_cmp(PG_FUNCTION_ARGS)
{
	DpVersion	left = PG_GETARG_DPVERSION(0);
	DpVersion	right = PG_GETARG_DPVERSION(1);

	PG_RETURN_INT32((left > right) - (left < right));
}

/* The same order for sorting: the comparator that tuplesort knows inline. */
PG_FUNCTION_INFO_V1(dpversion_sortsupport);
Datum
dpversion_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);

	ssup->comparator = ssup_datum_signed_cmp;
	PG_RETURN_VOID();
}

/*
 * Hash.  Not hashint8(): it folds the halves by exclusive or, so that v1.0,
 * v2.3 and v3.2 would all collide.
 */
PG_FUNCTION_INFO_V1(dpversion_hash);
Datum
dpversion_hash(PG_FUNCTION_ARGS)
{
	DpVersion	version = PG_GETARG_DPVERSION(0);

	return hash_any((unsigned char *) &version, sizeof(version));
}

/* Hash with a seed. */
PG_FUNCTION_INFO_V1(dpversion_hash_extended);
Datum
dpversion_hash_extended(PG_FUNCTION_ARGS)
{
	DpVersion	version = PG_GETARG_DPVERSION(0);

	return hash_any_extended((unsigned char *) &version, sizeof(version),
							 PG_GETARG_INT64(1));
}

/* The later of two versions. */
PG_FUNCTION_INFO_V1(dpversion_larger);
Datum
dpversion_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_DPVERSION(Max(PG_GETARG_DPVERSION(0), PG_GETARG_DPVERSION(1)));
}

/* The earlier of two versions. */
PG_FUNCTION_INFO_V1(dpversion_smaller);
Datum
dpversion_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DPVERSION(Min(PG_GETARG_DPVERSION(0), PG_GETARG_DPVERSION(1)));
}
