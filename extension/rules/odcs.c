/*
 * rules/odcs.c
 *		A contract that is written by the Open Data Contract Standard.
 */
#include "postgres.h"

#include "json/render.h"
#include "rules/faults.h"
#include "rules/odcs.h"
#include "store/row.h"
#include "store/statements.h"

static bool
says(Jsonb *document, const char *member, const char *value)
{
	JsonbValue *found = json_member(document, member);

	return found != NULL && found->type == jbvString &&
		found->val.string.len == strlen(value) &&
		memcmp(found->val.string.val, value, found->val.string.len) == 0;
}

bool
odcs_is_meant(Jsonb *document)
{
	return JB_ROOT_IS_OBJECT(document) && says(document, "kind", "DataContract") &&
		json_member(document, "apiVersion") != NULL;
}

static char *
text_of(JsonbContainer *object, const char *member)
{
	JsonbValue *value = container_member(object, member);

	return pnstrdup(value->val.string.val, value->val.string.len);
}

static void
report_warnings(Jsonb *warnings)
{
	FaultList	faults = {0};

	for (int i = 0; i < JB_ROOT_COUNT(warnings); i++)
	{
		JsonbContainer *one =
			getIthJsonbValueFromContainer(&warnings->root, i)->val.binary.data;

		faults_add(&faults, text_of(one, "pointer"), "strict",
				   text_of(one, "message"));
	}
	faults_report(&faults);
}

Jsonb *
odcs_read(Jsonb *document, bool strict, Jsonb **warnings)
{
	Values		values = {0};
	Row			row;
	Jsonb	   *told;
	Jsonb	   *contract;

	bind_json(&values, document);
	statement_run(STMT_ODCS_READ, &values, false);
	row_open(&row, 0);
	contract = row_json(&row, "contract");
	told = row_json(&row, "warnings");
	if (strict)
		report_warnings(told);
	*warnings = JB_ROOT_COUNT(told) > 0 ? told : NULL;
	return contract;
}
