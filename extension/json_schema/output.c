/*
 * json_schema/output.c
 *		The output formats of the specification (section 12 of the core).
 *
 * "flag" says whether the document is valid; "basic" lists the faults;
 * "detailed" nests them as the schemas nest that were gone through, where a
 * schema with but one thing to say is left out for that thing.  Annotations
 * are not collected.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "json_schema/output.h"
#include "json_schema/run/run.h"

bool
schema_output_find(const char *name, SchemaOutput *format)
{
	static const char *const names[] = {"flag", "basic", "detailed"};

	for (int i = 0; i < lengthof(names); i++)
	{
		if (strcmp(name, names[i]) != 0)
			continue;
		*format = i;
		return true;
	}
	return false;
}

static void
push_key(JsonbParseState **state, const char *name)
{
	JsonbValue	key;

	key.type = jbvString;
	key.val.string.val = unconstify(char *, name);
	key.val.string.len = strlen(name);
	pushJsonbValue(state, WJB_KEY, &key);
}

static void
push_text(JsonbParseState **state, const char *name, const char *text, int len)
{
	JsonbValue	value;

	push_key(state, name);
	value.type = jbvString;
	value.val.string.val = unconstify(char *, text);
	value.val.string.len = len;
	pushJsonbValue(state, WJB_VALUE, &value);
}

static void
push_valid(JsonbParseState **state, bool valid)
{
	JsonbValue	value;

	push_key(state, "valid");
	value.type = jbvBool;
	value.val.boolean = valid;
	pushJsonbValue(state, WJB_VALUE, &value);
}

/* The innermost schema with a URI of its own that a pointer leads into. */
static const SchemaNamedPart *
part_of(const SchemaProgram *program, const char *pointer)
{
	const SchemaNamedPart *found = NULL;
	int			found_len = -1;

	for (int i = 0; i < program->nresources; i++)
	{
		const SchemaNamedPart *part = &program->parts[i];
		int			len = strlen(part->location);

		if (len > found_len && strncmp(pointer, part->location, len) == 0 &&
			(pointer[len] == '\0' || pointer[len] == '/'))
		{
			found = part;
			found_len = len;
		}
	}
	return found;
}

/* RFC 3986, 3.5: what a fragment may have as it is. */
static bool
stands_in_fragment(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') ||
		(c != '\0' && strchr("-._~!$&'()*+,;=:@/?", c) != NULL);
}

/* RFC 6901, 6: a JSON Pointer as a fragment, of UTF-8 whatever the encoding. */
static void
append_fragment(StringInfo uri, const char *pointer)
{
	char	   *utf8 = pg_server_to_any(pointer, strlen(pointer), PG_UTF8);

	appendStringInfoChar(uri, '#');
	for (; *utf8 != '\0'; utf8++)
		if (stands_in_fragment(*utf8))
			appendStringInfoChar(uri, *utf8);
		else
			appendStringInfo(uri, "%%%02X", (unsigned char) *utf8);
}

/* Where the keyword stands in the schema that has a URI, if one has. */
static char *
absolute_location(const SchemaProgram *program, const char *pointer)
{
	const SchemaNamedPart *part = part_of(program, pointer);
	StringInfoData uri;

	if (part == NULL || part->uri == NULL)
		return NULL;
	initStringInfo(&uri);
	appendStringInfoString(&uri, part->uri);
	append_fragment(&uri, pointer + strlen(part->location));
	return uri.data;
}

/* Begins a unit; its object is still open. */
static void
open_unit(JsonbParseState **state, const SchemaProgram *program,
		  const SchemaFault *fault, int location_len, int instance_len,
		  const char *location)
{
	char	   *absolute = absolute_location(program, location);

	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	push_valid(state, false);
	push_text(state, "keywordLocation", fault->trace->location, location_len);
	if (absolute != NULL)
		push_text(state, "absoluteKeywordLocation", absolute,
				  strlen(absolute));
	push_text(state, "instanceLocation", fault->pointer, instance_len);
}

static void
open_fault(JsonbParseState **state, const SchemaProgram *program,
		   const SchemaFault *fault)
{
	open_unit(state, program, fault, strlen(fault->trace->location),
			  strlen(fault->pointer), fault->schema_pointer);
	push_text(state, "error", fault->message, strlen(fault->message));
}

static void push_faults(JsonbParseState **state, const SchemaProgram *program,
						const SchemaFault *faults, int count, int level);

/* Appends a fault with its branches, each with what it has to say, below. */
static void
push_fault(JsonbParseState **state, const SchemaProgram *program,
		   const SchemaFault *fault)
{
	open_fault(state, program, fault);
	if (fault->nbranches > 0)
	{
		push_key(state, "errors");
		pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
		for (int i = 0; i < fault->nbranches; i++)
			push_faults(state, program, fault->branches[i].report->faults,
						fault->branches[i].report->count,
						fault->trace->nsteps);
		pushJsonbValue(state, WJB_END_ARRAY, NULL);
	}
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/* Did both faults come by one schema and value at this level? */
static bool
same_step(const SchemaFault *a, const SchemaFault *b, int level)
{
	SchemaStep	step;

	if (a->trace->nsteps <= level || b->trace->nsteps <= level)
		return false;
	step = a->trace->steps[level];
	return step.location_len == b->trace->steps[level].location_len &&
		step.instance_len == b->trace->steps[level].instance_len &&
		strncmp(a->trace->location, b->trace->location,
				step.location_len) == 0 &&
		strncmp(a->pointer, b->pointer, step.instance_len) == 0;
}

/* Appends a schema that has several things to say. */
static void
push_schema(JsonbParseState **state, const SchemaProgram *program,
			const SchemaFault *faults, int count, int level)
{
	const SchemaStep *step = &faults->trace->steps[level];

	open_unit(state, program, faults, step->location_len, step->instance_len,
			  step->location);
	push_key(state, "errors");
	pushJsonbValue(state, WJB_BEGIN_ARRAY, NULL);
	push_faults(state, program, faults, count, level + 1);
	pushJsonbValue(state, WJB_END_ARRAY, NULL);
	pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

/*
 * Appends faults, in the order in which they were found, so that those of one
 * schema stand side by side.
 */
static void
push_faults(JsonbParseState **state, const SchemaProgram *program,
			const SchemaFault *faults, int count, int level)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	for (int i = 0, n; i < count; i += n)
	{
		int			deeper = level;

		for (n = 1; i + n < count &&
			 same_step(&faults[i], &faults[i + n], level);)
			n++;
		if (n == 1)
		{
			push_fault(state, program, &faults[i]);
			continue;
		}
		/* schemas that say but one thing, which all of these are */
		while (same_step(&faults[i], &faults[i + n - 1], deeper + 1) &&
			   faults[i].trace->nsteps > deeper + 1)
		{
			bool		all = true;

			for (int j = 1; j < n && all; j++)
				all = same_step(&faults[i], &faults[i + j], deeper + 1);
			if (!all)
				break;
			deeper++;
		}
		push_schema(state, program, &faults[i], n, deeper);
	}
}

Jsonb *
schema_output(const SchemaProgram *program, const JsonItem *document,
			  bool assert_format, SchemaOutput format)
{
	JsonbParseState *state = NULL;
	SchemaReport report;
	bool		valid = schema_program_run(program, document, assert_format,
										   NIL, NULL);

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_valid(&state, valid);
	if (!valid && format != OUTPUT_FLAG)
	{
		schema_report_init(&report);
		report.all_branches = true;
		report.traced = true;
		report.unsorted = format == OUTPUT_DETAILED;
		schema_program_run(program, document, assert_format, NIL, &report);
		push_text(&state, "keywordLocation", "", 0);
		push_text(&state, "instanceLocation", "", 0);
		push_key(&state, "errors");
		pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
		if (format == OUTPUT_DETAILED)
			push_faults(&state, program, report.faults, report.count, 1);
		for (int i = 0; format == OUTPUT_BASIC && i < report.count; i++)
		{
			open_fault(&state, program, &report.faults[i]);
			pushJsonbValue(&state, WJB_END_OBJECT, NULL);
		}
		pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}
