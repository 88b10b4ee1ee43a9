/*
 * json_schema/pattern/unicode.c
 *		Sets of code points, and those that Unicode's properties name.
 */
#include "postgres.h"

#include "json_schema/array.h"
#include "json_schema/pattern/unicode.h"

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
	const CodeRange *ranges = NULL;
	int			count;

	if (strchr(name, '=') == NULL)
	{
		ranges = unicode_property(name, &count);
		if (ranges == NULL)
			ranges = unicode_property(psprintf("gc=%s", name), &count);
	}
	else if (table_name(name) != NULL)
		ranges = unicode_property(table_name(name), &count);
	if (ranges == NULL)
		return false;
	for (int i = 0; i < count; i++)
		code_set_add(set, ranges[i].first, ranges[i].last);
	return true;
}
