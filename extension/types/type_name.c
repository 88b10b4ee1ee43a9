/*
 * types/type_name.c
 *		The names of column types.
 */
#include "postgres.h"

#include "types/type_name.h"

static const TypeName type_names[] = {
	{"array", "array", SHAPE_ARRAY, 0},
	{"bigint", "bigint", SHAPE_PLAIN, 0},
	{"binary", "binary", SHAPE_PLAIN, 0},
	{"boolean", "boolean", SHAPE_PLAIN, 0},
	{"char", "char", SHAPE_LENGTH, 255},
	{"date", "date", SHAPE_PLAIN, 0},
	{"dec", "decimal", SHAPE_DECIMAL, 38},
	{"decimal", "decimal", SHAPE_DECIMAL, 38},
	{"double", "double", SHAPE_DOUBLE, 0},
	{"float", "float", SHAPE_PLAIN, 0},
	{"int", "int", SHAPE_PLAIN, 0},
	{"integer", "int", SHAPE_PLAIN, 0},
	{"map", "map", SHAPE_MAP, 0},
	{"numeric", "decimal", SHAPE_DECIMAL, 38},
	{"real", "float", SHAPE_PLAIN, 0},
	{"smallint", "smallint", SHAPE_PLAIN, 0},
	{"string", "string", SHAPE_PLAIN, 0},
	{"struct", "struct", SHAPE_STRUCT, 0},
	{"timestamp", "timestamp", SHAPE_PLAIN, 0},
	{"tinyint", "tinyint", SHAPE_PLAIN, 0},
	{"ubigint", "ubigint", SHAPE_PLAIN, 0},
	{"uint", "uint", SHAPE_PLAIN, 0},
	{"uinteger", "uint", SHAPE_PLAIN, 0},
	{"usmallint", "usmallint", SHAPE_PLAIN, 0},
	{"utinyint", "utinyint", SHAPE_PLAIN, 0},
	{"varchar", "varchar", SHAPE_OPTIONAL_LENGTH, 65535},
};

/* What people write who come from another engine. */
typedef struct ForeignName
{
	const char *name;
	const char *instead;
} ForeignName;

static const ForeignName foreign_names[] = {
	{"bool", "boolean"},
	{"byte", "tinyint"},
	{"bytea", "binary"},
	{"bytes", "binary"},
	{"character", "char(n)"},
	{"datetime", "timestamp"},
	{"float4", "float"},
	{"float8", "double"},
	{"int2", "smallint"},
	{"int4", "int"},
	{"int8", "bigint"},
	{"interval", NULL},
	{"interval_day_time", NULL},
	{"interval_year_month", NULL},
	{"ipaddress", NULL},
	{"json", NULL},
	{"list", "array<T>"},
	{"long", "bigint"},
	{"number", "decimal(p,s)"},
	{"row", "struct<name:T>"},
	{"short", "smallint"},
	{"text", "string"},
	{"time", NULL},
	{"timestamp_ltz", NULL},
	{"timestamp_ntz", "timestamp"},
	{"timestamplocaltz", NULL},
	{"timestamptz", NULL},
	{"union", NULL},
	{"uniontype", NULL},
	{"uuid", NULL},
	{"varbinary", "binary"},
	{"variant", NULL},
	{"void", NULL},
};

/* tolower() would ask the locale. */
static bool
is_word(const char *word, const char *str, int len)
{
	return strlen(word) == len && pg_strncasecmp(word, str, len) == 0;
}

int
type_word_scan(const char *cur, const char *end)
{
	const char *pos = cur;

	while (pos < end &&
		   ((*pos >= 'a' && *pos <= 'z') || (*pos >= 'A' && *pos <= 'Z') ||
			(*pos >= '0' && *pos <= '9') || *pos == '_'))
		pos++;
	return pos - cur;
}

const TypeName *
type_name_find(const char *str, int len)
{
	for (int i = 0; i < lengthof(type_names); i++)
	{
		if (is_word(type_names[i].name, str, len))
			return &type_names[i];
	}
	return NULL;
}

bool
type_name_is_foreign(const char *str, int len, const char **instead)
{
	for (int i = 0; i < lengthof(foreign_names); i++)
	{
		if (!is_word(foreign_names[i].name, str, len))
			continue;
		*instead = foreign_names[i].instead;
		return true;
	}
	return false;
}

bool
type_is_nested(const TypeName *type)
{
	return type->shape == SHAPE_ARRAY || type->shape == SHAPE_MAP ||
		type->shape == SHAPE_STRUCT;
}
