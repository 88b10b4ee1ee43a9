/*
 * rules/consumers.c
 *		Whom a write touches: the consumers that read what it breaks or deletes.
 */
#include "postgres.h"

#include "errors.h"
#include "json/render.h"
#include "rules/consumers.h"
#include "store/installed.h"
#include "store/row.h"
#include "store/statements.h"

/* So many are named in a refusal. */
#define NAMED_MOST	20

/* Not in the first release. */
static bool
are_known(void)
{
	return installed_release() >= RELEASE_1_1;
}

static Jsonb *
read_consumers(Statement stmt, Values *values)
{
	Row			row;

	statement_run(stmt, values, false);
	row_open(&row, 0);
	return row_json_or_none(&row, "consumers");
}

Jsonb *
consumers_broken(const Product *product, DpVersion base, DpVersion made,
				 Jsonb *changes)
{
	Values		values = {0};

	if (!are_known())
		return NULL;
	bind_int8(&values, product->product_id);
	bind_version_or_null(&values, base);
	bind_version_or_null(&values, made);
	bind_json(&values, changes);
	return read_consumers(STMT_CONSUMERS_BROKEN, &values);
}

Jsonb *
consumers_of_versions(const Product *product, DpVersion first, DpVersion last)
{
	Values		values = {0};

	if (!are_known())
		return NULL;
	bind_int8(&values, product->product_id);
	bind_version(&values, first);
	bind_version(&values, last);
	return read_consumers(STMT_CONSUMERS_DELETED, &values);
}

/* "finance (fin@example.org), hr (hr@example.org)" */
static char *
name_consumers(Jsonb *consumers)
{
	StringInfoData out;
	int			count = JB_ROOT_COUNT(consumers);

	initStringInfo(&out);
	for (int i = 0; i < Min(count, NAMED_MOST); i++)
	{
		JsonbContainer *one =
			getIthJsonbValueFromContainer(&consumers->root, i)->val.binary.data;
		JsonbValue *name = container_member(one, "name");
		JsonbValue *contact = container_member(one, "contact");

		appendStringInfo(&out, "%s%.*s (%.*s)", i > 0 ? ", " : "",
						 name->val.string.len, name->val.string.val,
						 contact->val.string.len, contact->val.string.val);
	}
	if (count > NAMED_MOST)
		appendStringInfo(&out, " and %d more", count - NAMED_MOST);
	return out.data;
}

void
consumers_require_none(const DpIdParts *id, Jsonb *consumers)
{
	char		text[DPID_BUFSIZE];

	if (consumers == NULL)
		return;
	dpid_format(id, text);
	ereport(ERROR,
			(errcode(ERRCODE_DP_CONSUMED),
			 errmsg("it is still consumed: %s", text),
			 errdetail("It is read by %s.", name_consumers(consumers)),
			 errhint("Ask them to move on first, or delete it with force.")));
}

void
consumers_purge(const Product *product)
{
	Values		values = {0};

	if (!are_known())
		return;
	bind_int8(&values, product->product_id);
	statement_run(STMT_CONSUMERS_PURGE, &values, false);
}
