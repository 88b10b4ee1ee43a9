/*
 * rules/changes.c
 *		Lists of changes.
 */
#include "postgres.h"

#include "json/render.h"
#include "rules/changes.h"

void
changes_begin(ChangeList *list)
{
	memset(list, 0, sizeof(*list));
	pushJsonbValue(&list->state, WJB_BEGIN_ARRAY, NULL);
}

void
changes_begin_page(ChangeList *list, StringInfo page, int skipped,
				   int max_bytes)
{
	memset(list, 0, sizeof(*list));
	list->page = page;
	list->skipped = skipped;
	list->max_bytes = max_bytes;
}

/* Returns the object when it is not part of an array. */
static JsonbValue *
push_change(JsonbParseState **state, const Change *change)
{
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_string_member(state, "change", change->change);
	push_string_member(state, "kind", change_kind_name(change->kind));
	if (change->version != NULL)
		push_string_member(state, "version", change->version);
	if (change->table != NULL)
		push_string_member(state, "table", change->table);
	if (change->column != NULL)
		push_member(state, "column", change->column);
	if (change->member != NULL)
		push_string_member(state, "member", change->member);
	if (change->from != NULL)
		push_member(state, "from", change->from);
	if (change->to != NULL)
		push_member(state, "to", change->to);
	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* The page is in order and without a gap, and never empty before its end. */
static void
add_to_page(ChangeList *list, const Change *change)
{
	JsonbParseState *state = NULL;

	if (list->count < list->skipped || list->page->len >= list->max_bytes)
		return;
	if (list->shown++ > 0)
		appendStringInfoChar(list->page, ',');
	append_json(list->page, JsonbValueToJsonb(push_change(&state, change)));
}

void
changes_add(ChangeList *list, const Change *change)
{
	if (list->page != NULL)
		add_to_page(list, change);
	else
		push_change(&list->state, change);
	list->kind = Max(list->kind, change->kind);
	list->count++;
}

Jsonb *
changes_end(ChangeList *list)
{
	return JsonbValueToJsonb(pushJsonbValue(&list->state, WJB_END_ARRAY, NULL));
}

const char *
change_kind_name(ChangeKind kind)
{
	switch (kind)
	{
		case KIND_NONE:
			return "none";
		case KIND_MINOR:
			return "minor";
		case KIND_MAJOR:
			return "major";
		case KIND_INITIAL:
			return "initial";
		case KIND_DELETION:
			return "deletion";
		case KIND_RESTORATION:
			return "restoration";
	}
	return "none";
}

ChangeKind
change_kind_of_name(const char *name)
{
	ChangeKind	kind = KIND_NONE;

	while (kind < KIND_RESTORATION && strcmp(change_kind_name(kind), name) != 0)
		kind++;
	return kind;
}
