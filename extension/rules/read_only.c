/*
 * rules/read_only.c
 *		The members of a document that the platform sets.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "json/render.h"
#include "rules/document.h"
#include "rules/read_only.h"

/* So much of a value is shown, in bytes. */
#define SHOWN_MOST	200

static const char *const product_members[] = {
	"id", "name", "version", "creationDate", FACT_MEMBERS, "schemas",
};

static const char *const schema_members[] = {"id", "dataProduct"};

static const char *const consumer_members[] = {
	"name", "dataProduct", "registered", "changed", "registeredBy",
};

/* Most documents have none, and then nothing need be looked up. */
static bool
has_any(Jsonb *document, const char *const *names, int count)
{
	if (!JB_ROOT_IS_OBJECT(document))
		return false;
	for (int i = 0; i < count; i++)
		if (json_member(document, names[i]) != NULL)
			return true;
	return false;
}

static char *
show_value(JsonbValue *value)
{
	StringInfoData out;

	initStringInfo(&out);
	append_json_value(&out, value);
	if (out.len <= SHOWN_MOST)
		return out.data;
	out.data[pg_mbcliplen(out.data, out.len, SHOWN_MOST)] = '\0';
	return psprintf("%s...", out.data);
}

/* Compares each of the members with what is said of it. */
static void
judge(FaultList *faults, const char *above, Jsonb *document, Jsonb *says,
	  const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
	{
		JsonbValue *given = json_member(document, names[i]);
		JsonbValue *said = json_member(says, names[i]);

		if (given == NULL || json_values_equal(given, said))
			continue;
		faults_add(faults, fault_pointer(above, names[i]), "readOnly",
				   said == NULL ?
				   psprintf("\"%s\" is read-only: the platform sets it.",
							names[i]) :
				   psprintf("\"%s\" is read-only: it is %s here.", names[i],
							show_value(said)));
	}
}

static Jsonb *
read_text(text *document)
{
	char	   *str = text_to_cstring(document);

	return DatumGetJsonbP(DirectFunctionCall1(jsonb_in, CStringGetDatum(str)));
}

/* What is said of a product that is not there yet: nobody has reported anything. */
static Jsonb *
say_new_product(Jsonb *document, const char *given)
{
	JsonbParseState *state = NULL;
	JsonbValue	null = {.type = jbvNull};
	JsonbValue *name = given != NULL ? json_string(given) :
		json_member(document, "name");

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	if (name != NULL)
		push_member(&state, "name", name);
	for (int i = 0; i < FACT_COUNT; i++)
		push_member(&state, fact_members[i], &null);
	pushJsonbValue(&state, WJB_KEY, json_string("schemas"));
	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

void
read_only_judge_product(FaultList *faults, Jsonb *document,
						const WriteBase *base, const char *name)
{
	Jsonb	   *says;
	List	   *tables = NIL;

	if (!has_any(document, product_members, lengthof(product_members)))
		return;
	if (base->has_version && json_member(document, "schemas") != NULL)
		tables = fetch_table_names(&base->product, &base->version, READ_LATEST);
	says = base->has_version ?
		read_text(document_of_data_product(&base->product, &base->version,
										   tables)) :
		say_new_product(document, name);
	judge(faults, "", document, says, product_members,
		  lengthof(product_members));
}

/* "id" and "dataProduct", as a table of the version has them. */
static Jsonb *
say_schema(const WriteBase *base, const char *table)
{
	JsonbParseState *state = NULL;
	const char *product = base->product.name;
	char		number[DPVERSION_BUFSIZE];

	dpversion_format(base->version.version, number);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_string_member(&state, "id", id_text(product, number, table));
	pushJsonbValue(&state, WJB_KEY, json_string("dataProduct"));
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_string_member(&state, "id", id_text(product, number, ""));
	push_string_member(&state, "name", product);
	push_string_member(&state, "version", number);
	pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

void
read_only_judge_schema(FaultList *faults, const char *above, Jsonb *document,
					   const WriteBase *base, const char *table)
{
	if (!has_any(document, schema_members, lengthof(schema_members)))
		return;
	judge(faults, above, document,
		  base->has_version ? say_schema(base, table) : json_empty_object(),
		  schema_members, lengthof(schema_members));
}

void
read_only_judge_consumer(FaultList *faults, Jsonb *document, Jsonb *says)
{
	if (has_any(document, consumer_members, lengthof(consumer_members)))
		judge(faults, "", document, says, consumer_members,
			  lengthof(consumer_members));
}
