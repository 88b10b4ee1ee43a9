/*
 * json/columns.c
 *		The columns in a table's definition, which may be anything.
 */
#include "postgres.h"

#include "json/columns.h"
#include "json/render.h"

JsonbContainer *
columns_of(Jsonb *definition)
{
	JsonbValue *columns;

	if (!JB_ROOT_IS_OBJECT(definition))
		return NULL;
	columns = json_member(definition, "columns");
	if (columns == NULL || columns->type != jbvBinary ||
		!JsonContainerIsArray(columns->val.binary.data))
		return NULL;
	return columns->val.binary.data;
}

uint32
count_of(JsonbContainer *columns)
{
	return columns == NULL ? 0 : JsonContainerSize(columns);
}

JsonbValue *
column_member(JsonbContainer *columns, uint32 number, const char *key)
{
	JsonbValue *column = getIthJsonbValueFromContainer(columns, number);

	if (column == NULL || column->type != jbvBinary ||
		!JsonContainerIsObject(column->val.binary.data))
		return NULL;
	return container_member(column->val.binary.data, key);
}

JsonbValue *
column_text(JsonbContainer *columns, uint32 number, const char *key)
{
	JsonbValue *member = column_member(columns, number, key);

	return member == NULL || member->type != jbvString ? NULL : member;
}
