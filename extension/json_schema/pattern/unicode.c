/*
 * json_schema/pattern/unicode.c
 *		Sets of code points, and those that Unicode's properties name.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "json_schema/array.h"
#include "json_schema/pattern/unicode.h"

typedef struct UnicodeProperty
{
	const char *name;
	int			first;			/* among the ranges */
	int			count;
} UnicodeProperty;

#include "json_schema/pattern/unicode_table.h"

void
code_set_init(CodeSet *set)
{
	set->count = 0;
	set->capacity = 16;
	set->ranges = palloc(set->capacity * sizeof(CodeRange));
}

void
code_set_add(CodeSet *set, uint32 first, uint32 last)
{
	set->ranges = array_with_room(set->ranges, set->count, &set->capacity,
								  sizeof(CodeRange));
	set->ranges[set->count].first = first;
	set->ranges[set->count].last = last;
	set->count++;
}

void
code_set_add_set(CodeSet *set, const CodeSet *other)
{
	for (int i = 0; i < other->count; i++)
		code_set_add(set, other->ranges[i].first, other->ranges[i].last);
}

static int
compare_ranges(const void *a, const void *b)
{
	const CodeRange *left = a;
	const CodeRange *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	return left->last < right->last ? -1 : left->last > right->last;
}

void
code_set_normalize(CodeSet *set)
{
	int			kept = 0;

	if (set->count == 0)
		return;
	qsort(set->ranges, set->count, sizeof(CodeRange), compare_ranges);
	for (int i = 1; i < set->count; i++)
	{
		CodeRange  *last = &set->ranges[kept];

		if (set->ranges[i].first > last->last + 1)
			set->ranges[++kept] = set->ranges[i];
		else if (set->ranges[i].last > last->last)
			last->last = set->ranges[i].last;
	}
	set->count = kept + 1;
}

void
code_set_invert(CodeSet *set)
{
	CodeSet		result;
	uint32		next = 0;

	code_set_normalize(set);
	code_set_init(&result);
	for (int i = 0; i < set->count; i++)
	{
		if (set->ranges[i].first > next)
			code_set_add(&result, next, set->ranges[i].first - 1);
		next = set->ranges[i].last + 1;
	}
	if (next <= CODE_POINT_MAX)
		code_set_add(&result, next, CODE_POINT_MAX);
	pfree(set->ranges);
	*set = result;
}

static const UnicodeProperty *
find_property(const char *name)
{
	int			low = 0;
	int			high = lengthof(unicode_properties);

	while (low < high)
	{
		int			middle = low + (high - low) / 2;
		int			order = strcmp(unicode_properties[middle].name, name);

		if (order == 0)
			return &unicode_properties[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The table's name of what ECMA-262 writes with a "=", or NULL. */
static char *
table_name(const char *name)
{
	static const struct
	{
		const char *prefix;
		const char *table;
	}			prefixes[] =
	{
		{"General_Category=", "gc="},
		{"gc=", "gc="},
		{"Script=", "sc="},
		{"sc=", "sc="},
		{"Script_Extensions=", "scx="},
		{"scx=", "scx="},
	};

	for (int i = 0; i < lengthof(prefixes); i++)
	{
		int			len = strlen(prefixes[i].prefix);

		if (strncmp(name, prefixes[i].prefix, len) == 0)
			return psprintf("%s%s", prefixes[i].table, name + len);
	}
	return NULL;
}

bool
code_set_add_property(CodeSet *set, const char *name)
{
	const UnicodeProperty *property = NULL;

	if (strchr(name, '=') == NULL)
	{
		property = find_property(name);
		if (property == NULL)
			property = find_property(psprintf("gc=%s", name));
	}
	else if (table_name(name) != NULL)
		property = find_property(table_name(name));
	if (property == NULL)
		return false;
	for (int i = 0; i < property->count; i++)
		code_set_add(set, unicode_ranges[property->first + i].first,
					 unicode_ranges[property->first + i].last);
	return true;
}

bool
unicode_has_property(uint32 code, const char *name)
{
	const UnicodeProperty *property = find_property(name);
	int			low;
	int			high;

	if (property == NULL)
		return false;
	low = property->first;
	high = property->first + property->count;
	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (code > unicode_ranges[middle].last)
			low = middle + 1;
		else if (code < unicode_ranges[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

pg_wchar *
unicode_from_server(const char *str, int len, int *count)
{
	const char *utf8 = str;
	pg_wchar   *wide;

	if (GetDatabaseEncoding() != PG_UTF8 &&
		GetDatabaseEncoding() != PG_SQL_ASCII)
	{
		utf8 = pg_server_to_any(str, len, PG_UTF8);
		if (utf8 != str)
			len = strlen(utf8);
	}
	wide = palloc_extended(((Size) len + 1) * sizeof(pg_wchar),
						   MCXT_ALLOC_HUGE);
	*count = pg_encoding_mb2wchar_with_len(GetDatabaseEncoding() == PG_SQL_ASCII ?
										   PG_SQL_ASCII : PG_UTF8,
										   utf8, wide, len);
	return wide;
}
