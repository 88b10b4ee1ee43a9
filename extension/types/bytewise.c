/*
 * types/bytewise.c
 *		Comparison and hash of the types whose stored bytes stand in the
 *		type's own order: dpid and column_type.  Each SQL function of both
 *		types is one of these.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "fmgr.h"
#include "utils/sortsupport.h"
#include "utils/varlena.h"

#include "compat.h"

/* Compares the first two arguments as memcmp() would, a prefix first. */
static int
compare_arguments(FunctionCallInfo fcinfo)
{
	struct varlena *left = PG_GETARG_VARLENA_PP(0);
	struct varlena *right = PG_GETARG_VARLENA_PP(1);
	int			left_len = VARSIZE_ANY_EXHDR(left);
	int			right_len = VARSIZE_ANY_EXHDR(right);
	int			result;

	result = memcmp(VARDATA_ANY(left), VARDATA_ANY(right),
					Min(left_len, right_len));
	if (result == 0)
		result = (left_len > right_len) - (left_len < right_len);

	/* An index must not leak what it detoasts. */
	PG_FREE_IF_COPY(left, 0);
	PG_FREE_IF_COPY(right, 1);
	return result;
}

/* The operator =. */
PG_FUNCTION_INFO_V1(bytewise_eq);
Datum
bytewise_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) == 0);
}

/* The operator <>. */
PG_FUNCTION_INFO_V1(bytewise_ne);
Datum
bytewise_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) != 0);
}

/* The operator <. */
PG_FUNCTION_INFO_V1(bytewise_lt);
Datum
bytewise_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) < 0);
}

/* The operator <=. */
PG_FUNCTION_INFO_V1(bytewise_le);
Datum
bytewise_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) <= 0);
}

/* The operator >. */
PG_FUNCTION_INFO_V1(bytewise_gt);
Datum
bytewise_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) > 0);
}

/* The operator >=. */
PG_FUNCTION_INFO_V1(bytewise_ge);
Datum
bytewise_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) >= 0);
}

/* The order of a B-tree. */
PG_FUNCTION_INFO_V1(bytewise_cmp);
Datum
bytewise_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_arguments(fcinfo));
}

/* The same order for sorting, with bytea's abbreviated keys. */
PG_FUNCTION_INFO_V1(bytewise_sortsupport);
Datum
bytewise_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport ssup = (SortSupport) PG_GETARG_POINTER(0);
	MemoryContext old_context = MemoryContextSwitchTo(ssup->ssup_cxt);

	varstr_sortsupport(ssup, BYTEAOID, C_COLLATION_OID);

	MemoryContextSwitchTo(old_context);
	PG_RETURN_VOID();
}

/* Hash. */
PG_FUNCTION_INFO_V1(bytewise_hash);
Datum
bytewise_hash(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		result = hash_any((unsigned char *) VARDATA_ANY(value),
								  VARSIZE_ANY_EXHDR(value));

	PG_FREE_IF_COPY(value, 0);
	return result;
}

/* Hash with a seed. */
PG_FUNCTION_INFO_V1(bytewise_hash_extended);
Datum
bytewise_hash_extended(PG_FUNCTION_ARGS)
{
	struct varlena *value = PG_GETARG_VARLENA_PP(0);
	Datum		result = hash_any_extended((unsigned char *) VARDATA_ANY(value),
										   VARSIZE_ANY_EXHDR(value),
										   PG_GETARG_INT64(1));

	PG_FREE_IF_COPY(value, 0);
	return result;
}

/* The greater of two values. */
PG_FUNCTION_INFO_V1(bytewise_larger);
Datum
bytewise_larger(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PG_GETARG_DATUM(compare_arguments(fcinfo) > 0 ? 0 : 1));
}

/* The lesser of two values. */
PG_FUNCTION_INFO_V1(bytewise_smaller);
Datum
bytewise_smaller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PG_GETARG_DATUM(compare_arguments(fcinfo) < 0 ? 0 : 1));
}
