/*
 * rules/rights.c
 *		Which change needs whom, however it is made: by a write of the changed
 *		thing or of all that it belongs to, by a retry, over HTTP or in SQL.
 */
#include "postgres.h"

#include "json/render.h"
#include "rules/rights.h"

typedef struct Right
{
	const char *change;
	const char *what;			/* for a person */
} Right;

/* What a steward must do.  Every other change is a producer's. */
static const Right stewards_rights[] = {
	{"table-removed", "removing a table"},
	{"version-deleted", "deleting a data product"},
	{"version-restored", "restoring a data product"},
	{"sunset-changed", "setting a sunset date"},
};

/*
 * And these states of a data product: to bring it into one, or out of it.  It
 * is a steward's who publishes and retires, and so who undoes that.
 */
static const char *const stewards_statuses[] = {"published", "retired"};

static bool
is_string(JsonbValue *value, const char *str)
{
	return value != NULL && value->type == jbvString &&
		value->val.string.len == strlen(str) &&
		memcmp(value->val.string.val, str, value->val.string.len) == 0;
}

static void
check_change(const Actor *actor, JsonbValue *change)
{
	for (int i = 0; i < lengthof(stewards_rights); i++)
		if (is_string(change, stewards_rights[i].change))
			actor_require(actor, ROLE_STEWARD, stewards_rights[i].what);
}

void
rights_require(const Actor *actor, const char *change)
{
	check_change(actor, json_string(change));
}

/* Is it a status that a steward gives?  NULL is none. */
static bool
is_stewards(JsonbValue *status)
{
	for (int i = 0; i < lengthof(stewards_statuses); i++)
		if (is_string(status, stewards_statuses[i]))
			return true;
	return false;
}

static char *
quote_status(const char *what, JsonbValue *status)
{
	return psprintf("%s \"%s\"", what, pnstrdup(status->val.string.val,
												status->val.string.len));
}

static void
check_status(const Actor *actor, JsonbValue *from, JsonbValue *to)
{
	if (is_stewards(to))
		actor_require(actor, ROLE_STEWARD,
					  quote_status("setting status to", to));
	if (is_stewards(from))
		actor_require(actor, ROLE_STEWARD,
					  quote_status("changing status from", from));
}

void
rights_check(const Actor *actor, Jsonb *changes, Jsonb *metadata)
{
	JsonbIterator *it = JsonbIteratorInit(&changes->root);
	JsonbIteratorToken token;
	JsonbValue	element;

	while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
	{
		JsonbContainer *object;
		JsonbValue *change;

		/* those of a replay come from a table */
		if (token != WJB_ELEM || element.type != jbvBinary)
			continue;
		object = element.val.binary.data;
		change = container_member(object, "change");
		check_change(actor, change);
		if (is_string(change, "data-product-registered") && metadata != NULL)
			check_status(actor, NULL, json_member(metadata, "status"));
		if (is_string(change, "metadata-changed") &&
			is_string(container_member(object, "member"), "status"))
			check_status(actor, container_member(object, "from"),
						 container_member(object, "to"));
	}
}
