/*
 * rules/status.c
 *		Who may give a data product which status.
 */
#include "postgres.h"

#include "json/render.h"
#include "rules/status.h"

static bool
is_string(JsonbValue *value, const char *str)
{
	return json_values_equal(value, json_string(str));
}

/* Publishing and retiring are a steward's; old is NULL when there is none. */
static void
require_right(const Actor *actor, JsonbValue *old, JsonbValue *new)
{
	if (old != NULL && json_values_equal(old, new))
		return;
	if (is_string(new, "published") || is_string(new, "retired"))
		actor_require_steward(actor,
							  psprintf("setting status to \"%s\"",
									   pnstrdup(new->val.string.val,
												new->val.string.len)));
}

void
status_require_right(const Actor *actor, Jsonb *old, Jsonb *new)
{
	require_right(actor, old == NULL ? NULL : json_member(old, "status"),
				  json_member(new, "status"));
}

void
status_require_right_again(const Actor *actor, Jsonb *changes, Jsonb *made)
{
	JsonbIterator *it = JsonbIteratorInit(&changes->root);
	JsonbIteratorToken token;
	JsonbValue	change;

	while ((token = JsonbIteratorNext(&it, &change, true)) != WJB_DONE)
	{
		JsonbContainer *object;

		if (token != WJB_ELEM)
			continue;
		object = change.val.binary.data;
		if (is_string(container_member(object, "change"),
					  "data-product-registered"))
			require_right(actor, NULL, json_member(made, "status"));
		else if (is_string(container_member(object, "member"), "status"))
			require_right(actor, container_member(object, "from"),
						  container_member(object, "to"));
	}
}
