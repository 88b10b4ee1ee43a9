/*
 * rules/type_diff.c
 *		What changed inside the type of a column.
 *
 * A type in canonical spelling is its own tree: each part of it is a piece of its
 * text.  Both types are gone through together, from the outside to the inside, as
 * long as they are arrays, maps or structs at the same place.
 *
 * A change names its path: the column, then for each level "element" of an array,
 * "key" or "value" of a map, or the name of a field.
 *
 * The types come from a table, which a dump may have filled, so nothing relies on
 * their being well-formed: what cannot be taken apart is compared as a whole.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/render.h"
#include "rules/type_diff.h"

/* So many changes of a column also have its whole types. */
#define WITH_WHOLE_TYPES	4

/*
 * What is listed of a column is bounded by this many times the length of its
 * types, because deep fields of a type have long paths.  The others are told as one.
 */
#define LISTED_MOST	4

/* A piece of a type's text. */
typedef struct TypePart
{
	const char *str;
	int			len;
} TypePart;

typedef struct TypeField
{
	TypePart	name;
	TypePart	type;
	int			position;		/* in its struct */
	struct TypeField *other;	/* the field of this name on the other side */
} TypeField;

typedef struct FieldSet
{
	TypeField  *fields;			/* in the order of the struct */
	TypeField **by_name;
	int			count;
} FieldSet;

typedef struct TypeDiff
{
	ChangeList *list;
	const char *table;
	JsonbValue *column;
	JsonbValue *from;			/* the whole types */
	JsonbValue *to;
	StringInfoData path;
	int			count;			/* of changes that are listed */
	int64		room;			/* bytes that may still be listed */
	ChangeKind	unlisted;		/* the greatest kind of those that are not */
} TypeDiff;

static bool
same_part(TypePart a, TypePart b)
{
	return a.len == b.len && memcmp(a.str, b.str, a.len) == 0;
}

/* Notes a change at the path; a type that is not there is NULL. */
static void
add_change(TypeDiff *diff, const char *change, ChangeKind kind,
		   const TypePart *from, const TypePart *to)
{
	/* that the type itself is another needs no path */
	bool		is_inside = diff->path.len > diff->column->val.string.len ||
		(from == NULL && to == NULL);
	Change		noted = {
		.change = change, .kind = kind, .table = diff->table,
		.column = diff->column
	};

	diff->room -= diff->path.len + (from ? from->len : 0) + (to ? to->len : 0);
	if (diff->count > 0 && diff->room < 0)
	{
		diff->unlisted = Max(diff->unlisted, kind);
		return;
	}
	if (is_inside)
		noted.path = pnstrdup(diff->path.data, diff->path.len);
	if (from != NULL)
		noted.from = json_string_n(from->str, from->len);
	if (to != NULL)
		noted.to = json_string_n(to->str, to->len);
	if (is_inside && diff->count < WITH_WHOLE_TYPES)
	{
		noted.column_from = diff->from;
		noted.column_to = diff->to;
	}
	diff->count++;
	changes_add(diff->list, &noted);
}

/* What stands between the brackets of such a type; false if it is another. */
static bool
inside(TypePart type, const char *name, TypePart *inner)
{
	int			len = strlen(name);

	if (type.len < len + 2 || memcmp(type.str, name, len) != 0 ||
		type.str[len] != '<' || type.str[type.len - 1] != '>')
		return false;
	inner->str = type.str + len + 1;
	inner->len = type.len - len - 2;
	return true;
}

/* Takes what stands before the next comma that is not in brackets. */
static bool
take_item(TypePart *rest, TypePart *item)
{
	int			depth = 0;
	int			len = 0;

	if (rest->len <= 0)
		return false;
	while (len < rest->len && (depth > 0 || rest->str[len] != ','))
	{
		if (rest->str[len] == '<' || rest->str[len] == '(')
			depth++;
		else if (rest->str[len] == '>' || rest->str[len] == ')')
			depth--;
		len++;
	}
	item->str = rest->str;
	item->len = len;
	rest->str += len + 1;
	rest->len -= len + 1;
	return true;
}

static int
compare_fields(const void *a, const void *b)
{
	const TypePart *left = &(*(TypeField *const *) a)->name;
	const TypePart *right = &(*(TypeField *const *) b)->name;
	int			order = memcmp(left->str, right->str, Min(left->len, right->len));

	return order != 0 ? order : left->len - right->len;
}

/* Splits "name:T"; false if it is something else. */
static bool
read_field(TypePart item, TypeField *field)
{
	const char *colon = memchr(item.str, ':', item.len);

	if (colon == NULL)
		return false;
	field->name.str = item.str;
	field->name.len = colon - item.str;
	field->type.str = colon + 1;
	field->type.len = item.len - field->name.len - 1;
	return true;
}

static bool
read_fields(TypePart inner, FieldSet *set)
{
	int			capacity = 16;
	TypePart	item;

	set->count = 0;
	set->fields = palloc(capacity * sizeof(TypeField));
	while (take_item(&inner, &item))
	{
		if (set->count == capacity)
		{
			capacity *= 2;
			set->fields = repalloc(set->fields, capacity * sizeof(TypeField));
		}
		if (!read_field(item, &set->fields[set->count]))
			return false;
		set->fields[set->count].position = set->count;
		set->fields[set->count].other = NULL;
		set->count++;
	}
	set->by_name = palloc(Max(set->count, 1) * sizeof(TypeField *));
	for (int i = 0; i < set->count; i++)
		set->by_name[i] = &set->fields[i];
	qsort(set->by_name, set->count, sizeof(TypeField *), compare_fields);
	return true;
}

/* Ties the fields of the same name on both sides together. */
static void
match_fields(FieldSet *old, FieldSet *new)
{
	int			i = 0;
	int			j = 0;

	while (i < old->count && j < new->count)
	{
		int			order = compare_fields(&old->by_name[i], &new->by_name[j]);

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

/* Did the fields that both sides have change their order among themselves? */
static bool
is_reordered(const FieldSet *new)
{
	int			last = -1;

	for (int i = 0; i < new->count; i++)
	{
		const TypeField *old = new->fields[i].other;

		if (old == NULL)
			continue;
		if (old->position < last)
			return true;
		last = old->position;
	}
	return false;
}

static void diff_parts(TypeDiff *diff, TypePart from, TypePart to);

/* Goes one level deeper; the caller sets the path back. */
static int
enter(TypeDiff *diff, TypePart step)
{
	int			before = diff->path.len;

	appendStringInfoChar(&diff->path, '.');
	appendBinaryStringInfo(&diff->path, step.str, step.len);
	return before;
}

static void
leave(TypeDiff *diff, int before)
{
	diff->path.len = before;
	diff->path.data[before] = '\0';
}

static void
diff_at(TypeDiff *diff, TypePart step, TypePart from, TypePart to)
{
	int			before = enter(diff, step);

	diff_parts(diff, from, to);
	leave(diff, before);
}

/* One is not there. */
static void
diff_lone_field(TypeDiff *diff, const TypeField *field, bool added)
{
	int			before = enter(diff, field->name);

	add_change(diff, added ? "field-added" : "field-removed",
			   added ? KIND_MINOR : KIND_MAJOR,
			   added ? NULL : &field->type, added ? &field->type : NULL);
	leave(diff, before);
}

static bool
diff_structs(TypeDiff *diff, TypePart from, TypePart to)
{
	FieldSet	old;
	FieldSet	new;

	if (!inside(from, "struct", &from) || !inside(to, "struct", &to) ||
		!read_fields(from, &old) || !read_fields(to, &new))
		return false;
	match_fields(&old, &new);
	for (int i = 0; i < old.count; i++)
		if (old.fields[i].other == NULL)
			diff_lone_field(diff, &old.fields[i], false);
	for (int i = 0; i < new.count; i++)
	{
		TypeField  *field = &new.fields[i];

		if (field->other == NULL)
			diff_lone_field(diff, field, true);
		else
			diff_at(diff, field->name, field->other->type, field->type);
	}
	if (is_reordered(&new))
		add_change(diff, "fields-reordered", KIND_MINOR, NULL, NULL);
	return true;
}

static bool
diff_arrays(TypeDiff *diff, TypePart from, TypePart to)
{
	static const TypePart element = {"element", 7};

	if (!inside(from, "array", &from) || !inside(to, "array", &to))
		return false;
	diff_at(diff, element, from, to);
	return true;
}

static bool
diff_maps(TypeDiff *diff, TypePart from, TypePart to)
{
	static const TypePart key = {"key", 3};
	static const TypePart value = {"value", 5};
	TypePart	from_key;
	TypePart	to_key;

	if (!inside(from, "map", &from) || !inside(to, "map", &to) ||
		!take_item(&from, &from_key) || !take_item(&to, &to_key) ||
		from.len < 0 || to.len < 0)
		return false;
	diff_at(diff, key, from_key, to_key);
	diff_at(diff, value, from, to);
	return true;
}

static void
diff_parts(TypeDiff *diff, TypePart from, TypePart to)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	if (same_part(from, to))
		return;
	if (!diff_structs(diff, from, to) && !diff_arrays(diff, from, to) &&
		!diff_maps(diff, from, to))
		add_change(diff, "column-type-changed", KIND_MAJOR, &from, &to);
}

static TypePart
whole_type(const JsonbValue *type)
{
	TypePart	part = {type->val.string.val, type->val.string.len};

	return part;
}

void
diff_type(ChangeList *list, const char *table, JsonbValue *column,
		  JsonbValue *from, JsonbValue *to)
{
	TypeDiff	diff = {
		.list = list, .table = table, .column = column, .from = from, .to = to
	};
	Change		whole = {
		.change = "column-type-changed", .kind = KIND_MAJOR, .table = table,
		.column = column, .from = from, .to = to
	};

	if (json_values_equal(from, to))
		return;
	if (from == NULL || to == NULL || from->type != jbvString ||
		to->type != jbvString)
	{
		changes_add(list, &whole);
		return;
	}
	initStringInfo(&diff.path);
	appendBinaryStringInfo(&diff.path, column->val.string.val,
						   column->val.string.len);
	diff.room = LISTED_MOST *
		((int64) from->val.string.len + to->val.string.len);
	diff_parts(&diff, whole_type(from), whole_type(to));
	whole.kind = diff.unlisted;
	if (whole.kind != KIND_NONE)
		changes_add(list, &whole);
}
