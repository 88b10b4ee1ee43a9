/*
 * rules/faults.c
 *		What is wrong with the documents of one write.
 */
#include "postgres.h"

#include "errors.h"
#include "json/pointer.h"
#include "json/render.h"
#include "rules/faults.h"

char *
fault_pointer(const char *above, const char *name)
{
	return pointer_to(above, name, strlen(name));
}

char *
fault_pointer_at(const char *above, int position)
{
	return psprintf("%s/%d", above, position);
}

/* Opens the next fault, unless there are enough. */
static bool
begin_fault(FaultList *list)
{
	if (list->count == FAULTS_MOST)
		return false;
	if (list->count++ == 0)
		pushJsonbValue(&list->state, WJB_BEGIN_ARRAY, NULL);
	pushJsonbValue(&list->state, WJB_BEGIN_OBJECT, NULL);
	if (list->document > 0)
		push_member(&list->state, "document", json_int(list->document));
	return true;
}

void
faults_add(FaultList *list, const char *pointer, const char *keyword,
		   const char *message)
{
	if (!begin_fault(list))
		return;
	push_string_member(&list->state, "pointer", pointer);
	push_string_member(&list->state, "keyword", keyword);
	push_string_member(&list->state, "message", message);
	pushJsonbValue(&list->state, WJB_END_OBJECT, NULL);
}

/* A fault of the validator's, with another pointer. */
static void
add_fault(FaultList *list, const char *above, JsonbContainer *fault)
{
	JsonbIterator *it = JsonbIteratorInit(fault);
	JsonbValue	key;
	JsonbValue	value;

	if (!begin_fault(list))
		return;
	JsonbIteratorNext(&it, &key, true);
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		char	   *name = pnstrdup(key.val.string.val, key.val.string.len);

		JsonbIteratorNext(&it, &value, true);
		if (strcmp(name, "pointer") == 0)
			push_string_member(&list->state, name,
							   psprintf("%s%.*s", above, value.val.string.len,
										value.val.string.val));
		else
			push_member(&list->state, name, &value);
	}
	pushJsonbValue(&list->state, WJB_END_OBJECT, NULL);
}

void
faults_add_all(FaultList *list, const char *above, Jsonb *faults)
{
	JsonbIterator *it = JsonbIteratorInit(&faults->root);
	JsonbIteratorToken token;
	JsonbValue	fault;

	while ((token = JsonbIteratorNext(&it, &fault, true)) != WJB_DONE)
		if (token == WJB_ELEM)
			add_fault(list, above, fault.val.binary.data);
}

void
faults_report(FaultList *list)
{
	StringInfoData detail;
	int			count = list->count;

	if (count == 0)
		return;
	initStringInfo(&detail);
	append_json(&detail,
				JsonbValueToJsonb(pushJsonbValue(&list->state, WJB_END_ARRAY,
												 NULL)));
	ereport(ERROR,
			(errcode(ERRCODE_DP_INVALID_DOCUMENT),
			 count < FAULTS_MOST ?
			 errmsg_plural("document breaks its model in %d place",
						   "document breaks its model in %d places",
						   count, count) :
			 errmsg("document breaks its model in at least %d places", count),
			 errdetail_internal("%s", detail.data),
			 errhint("Each fault has a JSON Pointer to its place. The function dpmeta.model() returns the models.")));
}
