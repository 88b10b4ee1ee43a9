/*
 * rules/diff.c
 *		What changed between two states of a data product, and of what kind
 *		each change is.
 */
#include "postgres.h"

#include "fmgr.h"

#include "json/render.h"
#include "rules/diff.h"
#include "rules/type_diff.h"

/* A column of a table, found by name. */
typedef struct Column
{
	JsonbValue	name;
	JsonbValue	match;			/* its name on the other side */
	JsonbContainer *definition;
	int			position;		/* in its table */
	struct Column *other;		/* the same column on the other side */
} Column;

typedef struct ColumnSet
{
	Column	   *columns;		/* in the order of the table */
	Column	  **by_name;
	int			count;
} ColumnSet;

/* Members that differ, in the order of jsonb; a member may be on one side only. */
static void
diff_members(ChangeList *list, Jsonb *old, Jsonb *new, const char *change,
			 ChangeKind kind)
{
	JsonbIterator *it = JsonbIteratorInit(&new->root);
	JsonbValue	key;
	JsonbValue	value;

	JsonbIteratorNext(&it, &key, true);
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		char	   *name = pnstrdup(key.val.string.val, key.val.string.len);
		JsonbValue *before = json_member(old, name);

		JsonbIteratorNext(&it, &value, true);
		if (!json_values_equal(before, &value))
		{
			Change		one = {
				.change = change, .kind = kind, .member = name,
				.from = before, .to = &value
			};

			changes_add(list, &one);
		}
	}
}

void
diff_metadata(ChangeList *list, Jsonb *old, Jsonb *new)
{
	diff_members(list, old, new, "metadata-changed", KIND_MINOR);
}

void
diff_facts(ChangeList *list, Jsonb *old, Jsonb *new)
{
	diff_members(list, old, new, "fact-reported", KIND_NONE);
}

static int
compare_strings(const JsonbValue *a, const JsonbValue *b)
{
	int			common = Min(a->val.string.len, b->val.string.len);
	int			order = memcmp(a->val.string.val, b->val.string.val, common);

	return order != 0 ? order : a->val.string.len - b->val.string.len;
}

static bool
is_renamed(const Column *column)
{
	return compare_strings(&column->name, &column->match) != 0;
}

/* Of two with the same match, the one that has that name comes first. */
static int
compare_columns(const void *a, const void *b)
{
	const Column *left = *(Column *const *) a;
	const Column *right = *(Column *const *) b;
	int			order = compare_strings(&left->match, &right->match);

	return order != 0 ? order : is_renamed(left) - is_renamed(right);
}

/*
 * A definition comes from a table, which a dump may have filled: it is not taken
 * for granted that it is one.
 */
static void
require_definition(bool is_one)
{
	if (is_one)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("a row of dpmeta.table_schema has a malformed definition"),
			 errdetail("It must have an array \"columns\" of objects, each with a \"name\"."),
			 errhint("Somebody changed the tables by hand. Restore the rows that they changed.")));
}

static JsonbContainer *
array_of_columns(Jsonb *definition)
{
	JsonbValue *columns = json_member(definition, "columns");

	require_definition(columns != NULL && columns->type == jbvBinary &&
					   JsonContainerIsArray(columns->val.binary.data));
	return columns->val.binary.data;
}

static void
read_column(JsonbValue *value, Column *column)
{
	JsonbValue *name;

	require_definition(value->type == jbvBinary);
	column->definition = value->val.binary.data;
	name = container_member(column->definition, "name");
	require_definition(name != NULL && name->type == jbvString);
	column->name = *name;
	column->match = *name;
}

static void
read_columns(Jsonb *definition, JsonbValue **renamed_from, ColumnSet *set)
{
	JsonbContainer *array = array_of_columns(definition);
	JsonbIterator *it = JsonbIteratorInit(array);
	JsonbIteratorToken token;
	JsonbValue	value;
	int			size = JsonContainerSize(array);

	set->columns = palloc0(sizeof(Column) * Max(size, 1));
	set->by_name = palloc0(sizeof(Column *) * Max(size, 1));
	set->count = 0;
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		Column	   *column = &set->columns[set->count];

		if (token != WJB_ELEM)
			continue;
		read_column(&value, column);
		if (renamed_from != NULL && renamed_from[set->count] != NULL)
			column->match = *renamed_from[set->count];
		column->position = set->count;
		set->by_name[set->count++] = column;
	}
	qsort(set->by_name, set->count, sizeof(Column *), compare_columns);
}

/* Ties the columns of both sides together that are the same. */
static void
match_columns(ColumnSet *old, ColumnSet *new)
{
	int			i = 0;
	int			j = 0;

	while (i < old->count && j < new->count)
	{
		int			order = compare_strings(&old->by_name[i]->match,
											&new->by_name[j]->match);

		if (order == 0)
		{
			old->by_name[i]->other = new->by_name[j];
			new->by_name[j]->other = old->by_name[i];
		}
		if (order <= 0)
			i++;
		if (order >= 0)
			j++;
	}
}

/* A member that is not given is false. */
static bool
flag_of(JsonbValue *flag)
{
	return flag != NULL && flag->type == jbvBool && flag->val.boolean;
}

/* A kind of its own for each way, because only one of them may break a reader. */
static void
diff_flag(ChangeList *list, Change one, Column *old, Column *new,
		  const char *member, ChangeKind when_set, ChangeKind when_unset)
{
	JsonbValue	from = {.type = jbvBool};
	JsonbValue	to = {.type = jbvBool};

	from.val.boolean = flag_of(container_member(old->definition, member));
	to.val.boolean = flag_of(container_member(new->definition, member));
	if (from.val.boolean == to.val.boolean)
		return;
	one.kind = to.val.boolean ? when_set : when_unset;
	one.from = &from;
	one.to = &to;
	changes_add(list, &one);
}

static void
diff_column_member(ChangeList *list, Change one, Column *old, Column *new,
				   const char *member)
{
	one.kind = KIND_MINOR;
	one.from = container_member(old->definition, member);
	one.to = container_member(new->definition, member);
	if (!json_values_equal(one.from, one.to))
		changes_add(list, &one);
}

static void
diff_column(ChangeList *list, const char *table, Column *old, Column *new)
{
	Change		one = {.table = table, .column = &new->name};

	if (is_renamed(new))
	{
		Change		renamed = {
			.change = "column-renamed", .kind = KIND_MAJOR, .table = table,
			.column = &new->name, .from = &old->name, .to = &new->name
		};

		changes_add(list, &renamed);
	}
	diff_type(list, table, &new->name,
			  container_member(old->definition, "type"),
			  container_member(new->definition, "type"));
	one.change = "column-required-changed";
	diff_flag(list, one, old, new, "required", KIND_MINOR, KIND_MAJOR);
	one.change = "column-primary-key-changed";
	diff_flag(list, one, old, new, "primaryKey", KIND_MAJOR, KIND_MAJOR);
	one.change = "column-partition-changed";
	diff_flag(list, one, old, new, "partition", KIND_MAJOR, KIND_MAJOR);
	one.change = "column-description-changed";
	diff_column_member(list, one, old, new, "description");
	one.change = "column-tags-changed";
	diff_column_member(list, one, old, new, "tags");
}

static void
add_column_change(ChangeList *list, const char *table, Column *column,
				  bool added)
{
	JsonbValue *type = container_member(column->definition, "type");
	Change		one = {
		.change = added ? "column-added" : "column-removed",
		.kind = added ? KIND_MINOR : KIND_MAJOR,
		.table = table, .column = &column->name,
		.from = added ? NULL : type, .to = added ? type : NULL
	};

	changes_add(list, &one);
}

/* Did the columns that both sides have change their order among themselves? */
static bool
is_reordered(const ColumnSet *new)
{
	int			last = -1;

	for (int i = 0; i < new->count; i++)
	{
		const Column *old = new->columns[i].other;

		if (old == NULL)
			continue;
		if (old->position < last)
			return true;
		last = old->position;
	}
	return false;
}

static void
diff_columns(ChangeList *list, const char *table, Jsonb *old, Jsonb *new,
			 JsonbValue **renamed_from)
{
	ColumnSet	before;
	ColumnSet	after;
	Change		reordered = {
		.change = "columns-reordered", .kind = KIND_MINOR, .table = table
	};

	read_columns(old, NULL, &before);
	read_columns(new, renamed_from, &after);
	match_columns(&before, &after);

	for (int i = 0; i < before.count; i++)
		if (before.columns[i].other == NULL)
			add_column_change(list, table, &before.columns[i], false);
	for (int i = 0; i < after.count; i++)
	{
		Column	   *column = &after.columns[i];

		if (column->other == NULL)
			add_column_change(list, table, column, true);
		else
			diff_column(list, table, column->other, column);
	}
	if (is_reordered(&after))
		changes_add(list, &reordered);
}

/* A member of the table itself. */
static void
diff_table_member(ChangeList *list, Change one, Jsonb *old, Jsonb *new,
				  const char *member)
{
	one.from = json_member(old, member);
	one.to = json_member(new, member);
	if (!json_values_equal(one.from, one.to))
		changes_add(list, &one);
}

void
diff_table(ChangeList *list, const char *table, Jsonb *old, Jsonb *new,
		   JsonbValue **renamed_from)
{
	Change		one = {.table = table, .kind = KIND_MINOR};

	if (old == NULL || new == NULL)
	{
		one.change = old == NULL ? "table-added" : "table-removed";
		one.kind = old == NULL ? KIND_MINOR : KIND_MAJOR;
		changes_add(list, &one);
		return;
	}
	one.change = "table-description-changed";
	diff_table_member(list, one, old, new, "tableDescription");
	one.change = "table-tags-changed";
	diff_table_member(list, one, old, new, "tags");
	diff_columns(list, table, old, new, renamed_from);
}
