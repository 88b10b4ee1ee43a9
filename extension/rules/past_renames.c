/*
 * rules/past_renames.c
 *		The columns that were renamed between two versions of a data product.
 *
 * A rename is not in the documents, but in the events.  It breaks readers, so it
 * makes a version on the trunk: between two versions there is only one way.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "json/render.h"
#include "rules/past_renames.h"
#include "store/row.h"
#include "store/statements.h"

typedef struct PastRename
{
	DpVersion	version;		/* that renamed it */
	char	   *table;
	char	   *from;
	char	   *to;
} PastRename;

List *
past_renames_read(const Product *product, const Version *old,
				  const Version *new)
{
	Values		values = {0};
	List	   *renames = NIL;
	uint64		count;

	if (dpversion_major(old->version) >= dpversion_major(new->version))
		return NIL;
	bind_int8(&values, product->product_id);
	bind_version(&values, old->version);
	bind_version(&values, new->version);
	count = statement_run(STMT_RENAMES_READ, &values, true);
	for (uint64 i = 0; i < count; i++)
	{
		PastRename *rename = palloc(sizeof(PastRename));
		Row			row;

		row_open(&row, i);
		rename->version = row_version(&row, "to_version");
		rename->table = row_string(&row, "table_name");
		rename->from = row_string(&row, "old_name");
		rename->to = row_string(&row, "new_name");
		renames = lappend(renames, rename);
	}
	return renames;
}

/* What a column was called before all of the renames. */
static char *
name_before(List *renames, const char *table, char *name)
{
	DpVersion	last = NO_VERSION;

	for (int i = list_length(renames) - 1; i >= 0; i--)
	{
		PastRename *rename = list_nth(renames, i);

		/* those of one version happened at once */
		if (rename->version == last || strcmp(rename->table, table) != 0 ||
			strcmp(rename->to, name) != 0)
			continue;
		name = rename->from;
		last = rename->version;
	}
	return name;
}

static bool
has_renames(List *renames, const char *table)
{
	ListCell   *cell;

	foreach(cell, renames)
		if (strcmp(((PastRename *) lfirst(cell))->table, table) == 0)
		return true;
	return false;
}

JsonbValue **
past_renames_of(List *renames, const char *table, Jsonb *new)
{
	JsonbValue *columns = new ? json_member(new, "columns") : NULL;
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	column;
	JsonbValue **result;
	int			position = 0;

	if (columns == NULL || columns->type != jbvBinary ||
		!has_renames(renames, table))
		return NULL;
	result = palloc0(Max(1, JsonContainerSize(columns->val.binary.data)) *
					 sizeof(JsonbValue *));
	it = JsonbIteratorInit(columns->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &column, true)) != WJB_DONE)
	{
		JsonbValue *name;

		CHECK_FOR_INTERRUPTS();
		if (token != WJB_ELEM)
			continue;
		name = column.type == jbvBinary ?
			container_member(column.val.binary.data, "name") : NULL;
		if (name != NULL && name->type == jbvString)
			result[position] =
				json_string(name_before(renames, table,
										pnstrdup(name->val.string.val,
												 name->val.string.len)));
		position++;
	}
	return result;
}
