/*
 * rules/document.c
 *		The documents of data products and of table schemas.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#include "compat.h"
#include "errors.h"
#include "json/render.h"
#include "json_schema/json_schema.h"
#include "rules/document.h"
#include "store/row.h"
#include "store/statements.h"
#include "types/type_parser.h"

typedef enum MemberDefault
{
	REQUIRED,					/* the model requires it */
	DEFAULT_NULL,
	DEFAULT_OBJECT
} MemberDefault;

typedef struct Member
{
	const char *name;
	MemberDefault absent;
} Member;

/*
 * What a writer gives, in the order in which it is read; the models say what
 * each may hold.
 */
static const Member metadata_members[] = {
	{"description", REQUIRED},
	{"domain", REQUIRED},
	{"dataProductOwner", REQUIRED},
	{"dataProductOwnerDisplayName", REQUIRED},
	{"dataProductMaintainer", DEFAULT_NULL},
	{"dataProductMaintainerDisplayName", DEFAULT_NULL},
	{"email", REQUIRED},
	{"status", REQUIRED},
	{"retentionPeriod", REQUIRED},
	{"dpiaRequired", REQUIRED},
	{"tags", DEFAULT_OBJECT},
};

const char *const fact_members[FACT_COUNT] = {FACT_MEMBERS};

static Jsonb *
read_model(const char *model, ReadMode mode)
{
	Values		values = {0};
	Row			row;

	bind_string(&values, model);
	if (statement_run(STMT_MODEL_READ, &values, mode == READ_SNAPSHOT) == 0)
		elog(ERROR, "model \"%s\" is missing", model);
	row_open(&row, 0);
	return row_json(&row, "schema");
}

bool
document_judge(FaultList *faults, const char *above, const char *model,
			   Jsonb *document, ReadMode mode)
{
	Jsonb	   *found = json_schema_faults(read_model(model, mode), document,
										   true, FAULTS_MOST);

	if (found == NULL)
		return true;
	faults_add_all(faults, above, found);
	return false;
}

void
document_check(const char *model, Jsonb *document, ReadMode mode)
{
	FaultList	faults = {0};

	document_judge(&faults, "", model, document, mode);
	faults_report(&faults);
}

/* The "enum" of a member that has one in the model. */
static JsonbContainer *
model_choices(Jsonb *model, const char *member)
{
	JsonbContainer *place = &model->root;
	const char *path[] = {"properties", member, "enum"};

	for (int i = 0; i < lengthof(path); i++)
	{
		JsonbValue	found;

		if (getKeyJsonValueFromContainer(place, path[i], strlen(path[i]),
										 &found) == NULL)
			elog(ERROR, "model has no choice of \"%s\"", member);
		place = found.val.binary.data;
	}
	return place;
}

static char *
list_choices(JsonbContainer *choices)
{
	StringInfoData list;

	initStringInfo(&list);
	for (uint32 i = 0; i < JsonContainerSize(choices); i++)
	{
		JsonbValue *choice = getIthJsonbValueFromContainer(choices, i);

		appendStringInfo(&list, "%s%.*s", i > 0 ? ", " : "",
						 choice->val.string.len, choice->val.string.val);
	}
	return list.data;
}

void
document_check_choice(const char *member, const char *value, ReadMode mode)
{
	JsonbContainer *choices = model_choices(read_model(MODEL_DATA_PRODUCT, mode),
											member);

	if (findJsonbValueFromContainer(choices, JB_FARRAY, json_string(value)) == NULL)
		report_invalid_parameter(member, value,
								 psprintf("Give one of: %s.",
										  list_choices(choices)));
}

/* 1 and 1.0 compare as equal.  This makes them also look alike. */
static void
trim_number(JsonbValue *value)
{
	if (value->type == jbvNumeric)
		value->val.numeric = DatumGetNumeric(
											 DirectFunctionCall1(numeric_trim_scale,
																 NumericGetDatum(value->val.numeric)));
}

static void
push_default(JsonbParseState **state, const Member *member)
{
	JsonbValue	null = {.type = jbvNull};

	pushJsonbValue(state, WJB_KEY, json_string(member->name));
	if (member->absent == DEFAULT_OBJECT)
	{
		pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
		pushJsonbValue(state, WJB_END_OBJECT, NULL);
	}
	else
		pushJsonbValue(state, WJB_VALUE, &null);
}

Jsonb *
document_metadata(Jsonb *document)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < lengthof(metadata_members); i++)
	{
		const Member *member = &metadata_members[i];
		JsonbValue *value = json_member(document, member->name);

		if (value == NULL)
		{
			push_default(&state, member);
			continue;
		}
		trim_number(value);
		push_member(&state, member->name, value);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

static JsonbValue *
canonical_type(JsonbValue *type)
{
	StringInfoData canonical;

	initStringInfo(&canonical);
	if (!column_type_parse(type->val.string.val, type->val.string.len,
						   &canonical, NULL, NULL))
		elog(ERROR, "the model let pass a type that is not one");
	return json_string_n(canonical.data, canonical.len);
}

/*
 * What is false or empty is left out, as it is from documents of before there was
 * such a member: what means the same is stored, and read, alike.
 */
static void
push_flag(JsonbParseState **state, JsonbContainer *column, const char *name)
{
	JsonbValue *flag = container_member(column, name);

	if (flag != NULL && flag->type == jbvBool && flag->val.boolean)
		push_member(state, name, flag);
}

static void
push_tags(JsonbParseState **state, JsonbValue *tags)
{
	if (tags != NULL && tags->type == jbvBinary &&
		JsonContainerSize(tags->val.binary.data) > 0)
		push_member(state, "tags", tags);
}

static void
push_column(JsonbParseState **state, JsonbContainer *column)
{
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_member(state, "name", container_member(column, "name"));
	push_member(state, "type", canonical_type(container_member(column, "type")));
	push_member(state, "description", container_member(column, "description"));
	push_flag(state, column, "required");
	push_flag(state, column, "primaryKey");
	push_flag(state, column, "partition");
	push_tags(state, container_member(column, "tags"));
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

Jsonb *
document_definition(Jsonb *document)
{
	JsonbParseState *state = NULL;
	JsonbValue *columns = json_member(document, "columns");
	JsonbIterator *it = JsonbIteratorInit(columns->val.binary.data);
	JsonbIteratorToken token;
	JsonbValue	column;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_member(&state, "tableDescription",
				json_member(document, "tableDescription"));
	push_tags(&state, json_member(document, "tags"));
	pushJsonbValue(&state, WJB_KEY, json_string("columns"));
	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	while ((token = JsonbIteratorNext(&it, &column, true)) != WJB_DONE)
		if (token == WJB_ELEM)
			push_column(&state, column.val.binary.data);
	pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

static JsonbContainer *
object_container(JsonbValue *value)
{
	if (value == NULL || value->type != jbvBinary ||
		!JsonContainerIsObject(value->val.binary.data))
		return NULL;
	return value->val.binary.data;
}

static JsonbValue *merge_objects(JsonbParseState **state,
								 JsonbContainer *target,
								 JsonbContainer *patch);

/* One member of a patch: null removes, an object merges, all else replaces. */
static void
merge_member(JsonbParseState **state, JsonbValue *key, JsonbValue *target,
			 JsonbValue *patch)
{
	JsonbContainer *patch_object = object_container(patch);

	if (patch->type == jbvNull)
		return;
	pushJsonbValue(state, WJB_KEY, key);
	if (patch_object != NULL)
		merge_objects(state, object_container(target), patch_object);
	else
		pushJsonbValue(state, WJB_VALUE, patch);
}

/* The target may be NULL, for an empty object. */
static JsonbValue *
merge_objects(JsonbParseState **state, JsonbContainer *target,
			  JsonbContainer *patch)
{
	JsonbIterator *it;
	JsonbValue	key;
	JsonbValue	value;

	check_stack_depth();
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	if (target != NULL)
	{
		it = JsonbIteratorInit(target);
		JsonbIteratorNext(&it, &key, true);
		while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
		{
			JsonbValue *change = getKeyJsonValueFromContainer(patch, key.val.string.val,
															  key.val.string.len, NULL);

			JsonbIteratorNext(&it, &value, true);
			if (change != NULL)
				merge_member(state, &key, &value, change);
			else
			{
				pushJsonbValue(state, WJB_KEY, &key);
				pushJsonbValue(state, WJB_VALUE, &value);
			}
		}
	}
	it = JsonbIteratorInit(patch);
	JsonbIteratorNext(&it, &key, true);
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		JsonbIteratorNext(&it, &value, true);
		if (target == NULL ||
			getKeyJsonValueFromContainer(target, key.val.string.val,
										 key.val.string.len, NULL) == NULL)
			merge_member(state, &key, NULL, &value);
	}
	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

Jsonb *
document_merge(Jsonb *target, Jsonb *patch)
{
	JsonbParseState *state = NULL;
	JsonbContainer *object = JB_ROOT_IS_OBJECT(target) ? &target->root : NULL;

	if (!JB_ROOT_IS_OBJECT(patch))
		return patch;
	return JsonbValueToJsonb(merge_objects(&state, object, &patch->root));
}

static void
append_member(StringInfo out, const char *name, JsonbValue *value)
{
	appendStringInfo(out, ",\"%s\":", name);
	if (value == NULL)
		appendStringInfoString(out, "null");
	else
		append_json_value(out, value);
}

static void
append_version_string(StringInfo out, DpVersion version)
{
	char		buf[DPVERSION_BUFSIZE];

	dpversion_format(version, buf);
	appendStringInfoString(out, buf);
}

text *
document_of_version(const Product *product, const Version *version)
{
	StringInfoData out;
	char		number[DPVERSION_BUFSIZE];

	dpversion_format(version->version, number);
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"id\":\"");
	id_append(&out, product->name, number, "");
	appendStringInfo(&out, "\",\"name\":\"%s\",\"version\":\"%s\"",
					 product->name, number);
	for (int i = 0; i < lengthof(metadata_members); i++)
		append_member(&out, metadata_members[i].name,
					  json_member(version->metadata, metadata_members[i].name));
	appendStringInfo(&out, ",\"creationDate\":\"%s\"",
					 format_rfc3339(product->registered_at));
	for (int i = 0; i < FACT_COUNT; i++)
		append_member(&out, fact_members[i],
					  json_member(version->facts, fact_members[i]));
	appendStringInfoChar(&out, '}');
	return cstring_to_text_with_len(out.data, out.len);
}

text *
document_of_definition(Jsonb *definition)
{
	StringInfoData out;
	JsonbValue *columns = json_member(definition, "columns");
	JsonbIterator *it = JsonbIteratorInit(columns->val.binary.data);
	JsonbIteratorToken token;
	JsonbValue	column;
	bool		first = true;

	initStringInfo(&out);
	appendStringInfoString(&out, "{\"tableDescription\":");
	append_json_value(&out, json_member(definition, "tableDescription"));
	if (json_member(definition, "tags") != NULL)
		append_member(&out, "tags", json_member(definition, "tags"));
	appendStringInfoString(&out, ",\"columns\":[");
	while ((token = JsonbIteratorNext(&it, &column, true)) != WJB_DONE)
	{
		if (token != WJB_ELEM)
			continue;
		if (!first)
			appendStringInfoChar(&out, ',');
		first = false;
		append_json_value(&out, &column);
	}
	appendStringInfoString(&out, "]}");
	return cstring_to_text_with_len(out.data, out.len);
}

text *
document_of_data_product(const Product *product, const Version *version,
						 List *tables)
{
	StringInfoData out;
	ListCell   *cell;
	char		number[DPVERSION_BUFSIZE];

	dpversion_format(version->version, number);
	initStringInfo(&out);
	/* all but the closing brace */
	appendBinaryStringInfo(&out, VARDATA_ANY(version->document),
						   VARSIZE_ANY_EXHDR(version->document) - 1);
	appendStringInfoString(&out, ",\"schemas\":[");
	foreach(cell, tables)
	{
		appendStringInfoString(&out, foreach_current_index(cell) > 0 ?
							   ",{\"id\":\"" : "{\"id\":\"");
		id_append(&out, product->name, number, lfirst(cell));
		appendStringInfoString(&out, "\"}");
	}
	appendStringInfoString(&out, "]}");
	return cstring_to_text_with_len(out.data, out.len);
}

text *
document_of_schema(const Product *product, const Version *version,
				   const char *table, text *document)
{
	StringInfoData out;
	char		number[DPVERSION_BUFSIZE];

	dpversion_format(version->version, number);
	initStringInfo(&out);
	appendStringInfoString(&out, "{\"id\":\"");
	id_append(&out, product->name, number, table);
	appendStringInfoString(&out, "\",\"dataProduct\":{\"id\":\"");
	id_append(&out, product->name, number, "");
	appendStringInfo(&out, "\",\"name\":\"%s\",\"version\":\"%s\"},",
					 product->name, number);
	/* all but the opening brace */
	appendBinaryStringInfo(&out, VARDATA_ANY(document) + 1,
						   VARSIZE_ANY_EXHDR(document) - 1);
	return cstring_to_text_with_len(out.data, out.len);
}

void
document_append_kept(StringInfo out, List *kept)
{
	ListCell   *cell;

	if (kept == NIL)
		return;
	appendStringInfoString(out, ",\"keptTables\":[");
	foreach(cell, kept)
		appendStringInfo(out, "%s\"%s\"",
						 foreach_current_index(cell) > 0 ? "," : "",
						 (char *) lfirst(cell));
	appendStringInfoChar(out, ']');
}

static void
append_affected(StringInfo out, Jsonb *affected)
{
	if (affected == NULL)
		return;
	appendStringInfoString(out, ",\"affectedConsumers\":");
	append_json(out, affected);
}

/* The same document with one member more; NULL is for none. */
static text *
add_member(text *document, const char *name, Jsonb *value)
{
	StringInfoData out;

	if (document == NULL || value == NULL)
		return document;
	initStringInfo(&out);
	/* all but the closing brace */
	appendBinaryStringInfo(&out, VARDATA_ANY(document),
						   VARSIZE_ANY_EXHDR(document) - 1);
	appendStringInfo(&out, ",\"%s\":", name);
	append_json(&out, value);
	appendStringInfoChar(&out, '}');
	return cstring_to_text_with_len(out.data, out.len);
}

text *
document_with_affected(text *document, Jsonb *affected)
{
	return add_member(document, "affectedConsumers", affected);
}

text *
document_with_warnings(text *document, Jsonb *warnings)
{
	return add_member(document, "warnings", warnings);
}

text *
document_of_dry_run(const DpIdParts *id, DpVersion version, ChangeKind kind,
					Jsonb *changes, List *kept, Jsonb *affected)
{
	StringInfoData out;
	char		id_text[DPID_BUFSIZE];

	dpid_format(id, id_text);
	initStringInfo(&out);
	appendStringInfo(&out, "{\"id\":\"%s\",\"version\":", id_text);
	if (version == NO_VERSION)
		appendStringInfoString(&out, "null");
	else
	{
		appendStringInfoChar(&out, '"');
		append_version_string(&out, version);
		appendStringInfoChar(&out, '"');
	}
	appendStringInfo(&out, ",\"kind\":\"%s\",\"changes\":",
					 change_kind_name(kind));
	append_json(&out, changes);
	document_append_kept(&out, kept);
	append_affected(&out, affected);
	appendStringInfoChar(&out, '}');
	return cstring_to_text_with_len(out.data, out.len);
}
