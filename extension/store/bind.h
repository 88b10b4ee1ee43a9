/*
 * store/bind.h
 *		Values on their way into a statement or a row, one after the other.
 *
 * What is not there has a value of its own in C (NO_TIME, NO_VERSION, NULL, for
 * a text also "") and is NULL in a row.  Here is the one place where each
 * becomes the other.
 */
#ifndef DPMETA_BIND_H
#define DPMETA_BIND_H

#include "postgres.h"
#include "utils/array.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

#include "types/dpid.h"
#include "types/version.h"

/* Stands for a time that is not there. */
#define NO_TIME		DT_NOBEGIN

/* As many as the longest statement takes. */
#define VALUES_MAX	12

/* Stands for a type of ours, whose OID only the catalog knows. */
#define OWN_TYPE	InvalidOid

typedef struct Values
{
	int			count;
	Oid			types[VALUES_MAX];
	Datum		values[VALUES_MAX];
	bool		nulls[VALUES_MAX];
} Values;

static inline NullableDatum
nullable_time(TimestampTz time)
{
	NullableDatum value = {TimestampTzGetDatum(time), time == NO_TIME};

	return value;
}

static inline TimestampTz
time_or_none(NullableDatum value)
{
	return value.isnull ? NO_TIME : DatumGetTimestampTz(value.value);
}

static inline NullableDatum
nullable_version(DpVersion version)
{
	NullableDatum value = {DpVersionGetDatum(version), version == NO_VERSION};

	return value;
}

static inline DpVersion
version_or_none(NullableDatum value)
{
	return value.isnull ? NO_VERSION : DatumGetDpVersion(value.value);
}

/* Each adds one value: the next argument, or the next column. */
extern void bind_bool(Values *values, bool value);
extern void bind_int4(Values *values, int32 value);
extern void bind_int8(Values *values, int64 value);
extern void bind_bytes(Values *values, const void *bytes, int len);
extern void bind_string(Values *values, const char *str);
extern void bind_text(Values *values, const text *value);
extern void bind_json(Values *values, const Jsonb *value);
extern void bind_array(Values *values, const ArrayType *value, Oid type);
extern void bind_time(Values *values, TimestampTz value);
extern void bind_version(Values *values, DpVersion value);
extern void bind_id(Values *values, const DpIdParts *id);

/* The same for what may not be there. */
extern void bind_string_or_null(Values *values, const char *str);
extern void bind_text_or_null(Values *values, const text *value);
extern void bind_json_or_null(Values *values, const Jsonb *value);
extern void bind_array_or_null(Values *values, const ArrayType *value,
							   Oid type);
extern void bind_time_or_null(Values *values, TimestampTz value);
extern void bind_version_or_null(Values *values, DpVersion value);
extern void bind_date_or_null(Values *values, bool has_date, DateADT value);
extern void bind_id_or_null(Values *values, bool has_id, const DpIdParts *id);

/* A value whose type only the caller knows. */
extern void bind_nullable(Values *values, NullableDatum value, Oid type);

#endif							/* DPMETA_BIND_H */
