/*
 * store/bind.c
 *		Values on their way into a statement or a row.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"

#include "compat.h"
#include "store/bind.h"

static void
bind(Values *values, Datum value, Oid type)
{
	if (values->count == VALUES_MAX)
		elog(ERROR, "more than %d values", VALUES_MAX);
	values->types[values->count] = type;
	values->values[values->count] = value;
	values->nulls[values->count] = false;
	values->count++;
}

void
bind_nullable(Values *values, NullableDatum value, Oid type)
{
	bind(values, value.value, type);
	values->nulls[values->count - 1] = value.isnull;
}

static void
bind_null(Values *values, Oid type)
{
	NullableDatum null = {(Datum) 0, true};

	bind_nullable(values, null, type);
}

void
bind_bool(Values *values, bool value)
{
	bind(values, BoolGetDatum(value), BOOLOID);
}

void
bind_int4(Values *values, int32 value)
{
	bind(values, Int32GetDatum(value), INT4OID);
}

void
bind_int8(Values *values, int64 value)
{
	bind(values, Int64GetDatum(value), INT8OID);
}

void
bind_bytes(Values *values, const void *bytes, int len)
{
	bytea	   *value = palloc(VARHDRSZ + len);

	SET_VARSIZE(value, VARHDRSZ + len);
	memcpy(VARDATA(value), bytes, len);
	bind(values, PointerGetDatum(value), BYTEAOID);
}

void
bind_string(Values *values, const char *str)
{
	bind(values, CStringGetTextDatum(str), TEXTOID);
}

void
bind_string_or_null(Values *values, const char *str)
{
	if (str != NULL && str[0] != '\0')
		bind_string(values, str);
	else
		bind_null(values, TEXTOID);
}

void
bind_text(Values *values, const text *value)
{
	bind(values, PointerGetDatum(value), TEXTOID);
}

void
bind_text_or_null(Values *values, const text *value)
{
	if (value != NULL)
		bind_text(values, value);
	else
		bind_null(values, TEXTOID);
}

void
bind_json(Values *values, const Jsonb *value)
{
	bind(values, PointerGetDatum(value), JSONBOID);
}

void
bind_json_or_null(Values *values, const Jsonb *value)
{
	if (value != NULL)
		bind_json(values, value);
	else
		bind_null(values, JSONBOID);
}

void
bind_array(Values *values, const ArrayType *value, Oid type)
{
	bind(values, PointerGetDatum(value), type);
}

void
bind_array_or_null(Values *values, const ArrayType *value, Oid type)
{
	if (value != NULL)
		bind_array(values, value, type);
	else
		bind_null(values, type);
}

void
bind_time(Values *values, TimestampTz value)
{
	bind(values, TimestampTzGetDatum(value), TIMESTAMPTZOID);
}

void
bind_time_or_null(Values *values, TimestampTz value)
{
	bind_nullable(values, nullable_time(value), TIMESTAMPTZOID);
}

void
bind_version(Values *values, DpVersion value)
{
	bind(values, DpVersionGetDatum(value), OWN_TYPE);
}

void
bind_version_or_null(Values *values, DpVersion value)
{
	bind_nullable(values, nullable_version(value), OWN_TYPE);
}

void
bind_date_or_null(Values *values, bool has_date, DateADT value)
{
	NullableDatum date = {DateADTGetDatum(value), !has_date};

	bind_nullable(values, date, DATEOID);
}

void
bind_id(Values *values, const DpIdParts *id)
{
	bind(values, PointerGetDatum(dpid_build(id)), OWN_TYPE);
}

void
bind_id_or_null(Values *values, bool has_id, const DpIdParts *id)
{
	if (has_id)
		bind_id(values, id);
	else
		bind_null(values, OWN_TYPE);
}
