/*
 * rules/rename.c
 *		The names that a table's columns had before, as a writer says them.
 */
#include "postgres.h"

#include "json/render.h"
#include "rules/rename.h"

/* A column's name, or what it says that its name was. */
typedef struct Said
{
	JsonbValue	name;
	int			position;		/* of the column that says it */
} Said;

typedef struct SaidSet
{
	Said	   *said;			/* in the order of the names */
	int			count;
} SaidSet;

/* What the column at a position says; NULL where it says nothing. */
typedef JsonbValue *(*SayColumn) (JsonbContainer *column);

static JsonbValue *
say_name(JsonbContainer *column)
{
	return container_member(column, "name");
}

static JsonbValue *
say_renamed_from(JsonbContainer *column)
{
	return container_member(column, "renamedFrom");
}

/* Only a column that is not renamed itself keeps another from its name. */
static JsonbValue *
say_kept_name(JsonbContainer *column)
{
	return say_renamed_from(column) == NULL ? say_name(column) : NULL;
}

static int
compare_names(const JsonbValue *a, const JsonbValue *b)
{
	int			common = Min(a->val.string.len, b->val.string.len);
	int			order = memcmp(a->val.string.val, b->val.string.val, common);

	return order != 0 ? order : a->val.string.len - b->val.string.len;
}

static int
compare_said(const void *a, const void *b)
{
	const Said *left = a;
	const Said *right = b;
	int			order = compare_names(&left->name, &right->name);

	return order != 0 ? order : left->position - right->position;
}

/* Nothing is said by what is not there, or is no definition. */
static void
read_said(Jsonb *definition, SayColumn say, SaidSet *set)
{
	JsonbValue *columns = definition ? json_member(definition, "columns") : NULL;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	column;
	int			position = 0;

	set->count = 0;
	if (columns == NULL || columns->type != jbvBinary)
		return;
	set->said = palloc(Max(1, JsonContainerSize(columns->val.binary.data)) *
					   sizeof(Said));
	it = JsonbIteratorInit(columns->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &column, true)) != WJB_DONE)
	{
		JsonbValue *name;

		if (token != WJB_ELEM)
			continue;
		name = column.type == jbvBinary ? say(column.val.binary.data) : NULL;
		if (name != NULL && name->type == jbvString)
		{
			set->said[set->count].name = *name;
			set->said[set->count++].position = position;
		}
		position++;
	}
	qsort(set->said, set->count, sizeof(Said), compare_said);
}

/* The first with this name, or NULL. */
static const Said *
find_said(const SaidSet *set, const JsonbValue *name)
{
	int			low = 0;
	int			high = set->count;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (compare_names(&set->said[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < set->count && compare_names(&set->said[low].name, name) == 0 ?
		&set->said[low] : NULL;
}

/* What is wrong with the name that one column says; NULL if nothing is. */
static char *
judge(const JsonbValue *name, int position, const SaidSet *all,
	  const SaidSet *before, const SaidSet *kept)
{
	char	   *column = pnstrdup(name->val.string.val, name->val.string.len);
	const Said *same = find_said(all, name);
	const Said *still = find_said(kept, name);

	if (find_said(before, name) == NULL)
		return psprintf("The version written to has no column \"%s\".", column);
	if (same->position != position)
		return psprintf("Column \"%s\" is said to be renamed by element %d as well.",
						column, same->position);
	if (still != NULL)
		return psprintf("Column \"%s\" is not renamed: it is element %d.",
						column, still->position);
	return NULL;
}

static int
count_columns(Jsonb *document)
{
	return JsonContainerSize(json_member(document, "columns")->val.binary.data);
}

JsonbValue **
rename_read(FaultList *faults, const char *above, Jsonb *document, Jsonb *old)
{
	SaidSet		renamed;
	SaidSet		before;
	SaidSet		kept;
	JsonbValue **result;
	int			count = count_columns(document);

	read_said(document, say_renamed_from, &renamed);
	if (renamed.count == 0)
		return NULL;
	read_said(old, say_name, &before);
	read_said(document, say_kept_name, &kept);
	result = palloc0(count * sizeof(JsonbValue *));
	for (int i = 0; i < renamed.count; i++)
		result[renamed.said[i].position] = &renamed.said[i].name;
	for (int i = 0; i < count; i++)
	{
		char	   *wrong = result[i] == NULL ? NULL :
			judge(result[i], i, &renamed, &before, &kept);

		if (wrong != NULL)
			faults_add(faults, psprintf("%s/columns/%d/renamedFrom", above, i),
					   "renamedFrom", wrong);
	}
	return result;
}
