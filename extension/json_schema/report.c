/*
 * json_schema/report.c
 *		Collecting faults and putting them in order.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "json/pointer.h"
#include "json_schema/array.h"
#include "json_schema/report.h"

#define MESSAGE_MAX_BYTES	1000

/*
 * A report may take so much memory.  A document of a few megabytes can have
 * millions of faults, and a schema of a few lines can find one of them a
 * million times.
 */
#define REPORT_MAX_BYTES	((Size) 256 * 1024 * 1024)
#define BOUND_CHECK_EVERY	1024

void
schema_report_init(SchemaReport *report)
{
	memset(report, 0, sizeof(*report));
	report->context = CurrentMemoryContext;
}

SchemaReport *
schema_report_branch(const SchemaReport *report)
{
	SchemaReport *branch = MemoryContextAllocZero(report->context,
												  sizeof(SchemaReport));

	branch->context = report->context;
	branch->all_branches = report->all_branches;
	branch->traced = report->traced;
	branch->limit = BRANCH_FAULTS_MAX;
	return branch;
}

/* Formats a message; a long one is cut between characters. */
char *
schema_message(const char *format, va_list args)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (;;)
	{
		va_list		copy;
		int			needed;

		va_copy(copy, args);
		needed = appendStringInfoVA(&buf, format, copy);
		va_end(copy);
		if (needed == 0)
			break;
		enlargeStringInfo(&buf, needed);
	}
	buf.data[pg_mbcliplen(buf.data, buf.len, MESSAGE_MAX_BYTES)] = '\0';
	return buf.data;
}

/* Writes the pointer, and into places the position at each level. */
static void
write_path(const JsonPath *path, StringInfo pointer, int *places, int depth)
{
	const JsonPath **steps = palloc(Max(1, depth) * sizeof(JsonPath *));

	for (int i = depth; i > 0; i--)
	{
		steps[i - 1] = path;
		path = path->parent;
	}
	for (int i = 0; i < depth; i++)
	{
		places[i] = steps[i]->index;
		if (steps[i]->key != NULL)
			pointer_append_token(pointer, steps[i]->key->u.string,
								 steps[i]->key->len);
		else
			appendStringInfo(pointer, "/%d", steps[i]->index);
	}
	pfree(steps);
}

static SchemaFault *
next_fault(SchemaReport *report)
{
	report->faults = array_with_room(report->faults, report->count,
									 &report->capacity, sizeof(SchemaFault));
	return &report->faults[report->count++];
}

int
json_path_length(const JsonPath *path)
{
	StringInfoData pointer;
	int			depth = 0;
	int		   *places;

	for (const JsonPath *step = path; step != NULL; step = step->parent)
		depth++;
	places = palloc(Max(1, depth) * sizeof(int));
	initStringInfo(&pointer);
	write_path(path, &pointer, places, depth);
	pfree(places);
	pfree(pointer.data);
	return pointer.len;
}

static void
check_bound(const SchemaReport *report)
{
	if (MemoryContextMemAllocated(report->context, false) <= REPORT_MAX_BYTES)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("validation finds too many faults"),
			 errdetail("The first %d of them take more than %zu MB of memory.",
					   report->count, REPORT_MAX_BYTES / (1024 * 1024)),
			 errhint("Use is_valid(), or validate the document in parts.")));
}

SchemaFault *
schema_report_add(SchemaReport *report, const JsonPath *path,
				  const char *location, const char *keyword,
				  const char *message)
{
	MemoryContext caller;
	SchemaFault *fault;
	StringInfoData pointer;

	if (report->limit > 0 && report->count >= report->limit)
		return NULL;
	if (report->count % BOUND_CHECK_EVERY == BOUND_CHECK_EVERY - 1)
		check_bound(report);
	caller = MemoryContextSwitchTo(report->context);
	fault = next_fault(report);
	fault->nbranches = 0;
	fault->branches = NULL;
	fault->branch = NULL;
	fault->trace = NULL;
	initStringInfo(&pointer);
	fault->depth = 0;
	for (const JsonPath *step = path; step != NULL; step = step->parent)
		fault->depth++;
	fault->places = palloc(Max(1, fault->depth) * sizeof(int));
	write_path(path, &pointer, fault->places, fault->depth);
	fault->pointer = pointer.data;
	fault->schema_pointer = pstrdup(location);
	fault->keyword = keyword;
	fault->message = pstrdup(message);
	fault->order = report->count;
	MemoryContextSwitchTo(caller);
	return fault;
}

/* Document order: a value before its children, then as they were found. */
static int
compare_faults(const void *a, const void *b)
{
	const SchemaFault *left = a;
	const SchemaFault *right = b;

	for (int i = 0; i < left->depth && i < right->depth; i++)
	{
		if (left->places[i] != right->places[i])
			return left->places[i] < right->places[i] ? -1 : 1;
	}
	if (left->depth != right->depth)
		return left->depth < right->depth ? -1 : 1;
	return left->order < right->order ? -1 : 1;
}

/* Two ways to the same fault, by way of two references, make it no worse. */
static bool
same_fault(const SchemaFault *a, const SchemaFault *b)
{
	return strcmp(a->pointer, b->pointer) == 0 &&
		strcmp(a->schema_pointer, b->schema_pointer) == 0 &&
		strcmp(a->message, b->message) == 0;
}

static void
sort_faults(SchemaReport *report)
{
	int			kept = 0;

	if (report->count < 2)
		return;
	qsort(report->faults, report->count, sizeof(SchemaFault), compare_faults);
	for (int i = 1; i < report->count; i++)
	{
		if (!same_fault(&report->faults[kept], &report->faults[i]))
			report->faults[++kept] = report->faults[i];
	}
	report->count = kept + 1;
}

static void append_faults(SchemaReport *to, SchemaReport *from,
						  const char *branch);

/* Appends a fault and, behind it, what its branches have to say. */
static void
append_fault(SchemaReport *to, const SchemaFault *fault, const char *branch)
{
	*next_fault(to) = *fault;
	to->faults[to->count - 1].branch = branch;
	for (int i = 0; i < fault->nbranches; i++)
		append_faults(to, fault->branches[i].report,
					  fault->branches[i].location);
}

static void
append_faults(SchemaReport *to, SchemaReport *from, const char *branch)
{
	check_stack_depth();
	CHECK_FOR_INTERRUPTS();
	sort_faults(from);
	for (int i = 0; i < from->count; i++)
		append_fault(to, &from->faults[i], branch);
}

void
schema_report_sort(SchemaReport *report)
{
	MemoryContext caller = MemoryContextSwitchTo(report->context);
	SchemaReport flat = *report;

	flat.count = 0;
	flat.capacity = 0;
	flat.faults = NULL;
	append_faults(&flat, report, NULL);
	*report = flat;
	MemoryContextSwitchTo(caller);
}

static void
push_member(JsonbParseState **state, const char *name, const char *text)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, name);
	value.val.string.len = strlen(name);
	pushJsonbValue(state, WJB_KEY, &value);
	value.val.string.val = unconstify(char *, text);
	value.val.string.len = strlen(text);
	pushJsonbValue(state, WJB_VALUE, &value);
}

Jsonb *
schema_report_jsonb(SchemaReport *report)
{
	JsonbParseState *state = NULL;
	JsonbValue *result;

	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < report->count; i++)
	{
		pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
		push_member(&state, "pointer", report->faults[i].pointer);
		push_member(&state, "schemaPointer",
					report->faults[i].schema_pointer);
		push_member(&state, "keyword", report->faults[i].keyword);
		push_member(&state, "message", report->faults[i].message);
		pushJsonbValue(&state, WJB_END_OBJECT, NULL);
	}
	result = pushJsonbValue(&state, WJB_END_ARRAY, NULL);
	return JsonbValueToJsonb(result);
}

/*
 * Drops what says the same of the same place as another, for those who do not
 * ask which of several schemas said it.
 */
void
schema_report_condense(SchemaReport *report)
{
	int			kept = 0;

	for (int i = 0; i < report->count; i++)
	{
		const SchemaFault *fault = &report->faults[i];
		bool		known = false;

		for (int j = kept - 1; j >= 0 && !known &&
			 strcmp(report->faults[j].pointer, fault->pointer) == 0; j--)
			known = strcmp(report->faults[j].message, fault->message) == 0;
		if (!known)
			report->faults[kept++] = *fault;
	}
	report->count = kept;
}

/*
 * Does a fault at the pointer tell already of what a keyword has that the
 * compiler minds at the location, its own or that of its schema?
 */
static bool
tells_of(const char *pointer, const char *location, const char *keyword)
{
	int			skip = strlen(location);
	int			len = strlen(keyword);
	const char *rest = pointer + skip;

	if (strncmp(pointer, location, skip) != 0)
		return false;
	if (rest[0] != '/')
		return rest[0] == '\0';
	if (skip > len && location[skip - len - 1] == '/' &&
		strcmp(location + skip - len, keyword) == 0)
		return true;
	return strncmp(rest + 1, keyword, len) == 0 &&
		(rest[len + 1] == '\0' || rest[len + 1] == '/');
}

/* Is the compiler's fault one that the meta-schema has found, too? */
static bool
is_told(const SchemaReport *report, int count, const SchemaFault *fault)
{
	for (int i = 0; i < count; i++)
	{
		if (tells_of(report->faults[i].pointer, fault->schema_pointer,
					 fault->keyword))
			return true;
	}
	return false;
}

/*
 * Adds what the compiler found to what a meta-schema found.  The compiler's faults
 * point into the schema.  Here the schema is the document that was checked, so
 * that is where they point, too.
 */
void
schema_report_merge(SchemaReport *report, const SchemaReport *compiled)
{
	int			count = report->count;

	for (int i = 0; i < compiled->count; i++)
	{
		SchemaFault *fault;

		CHECK_FOR_INTERRUPTS();
		if (is_told(report, count, &compiled->faults[i]))
			continue;
		fault = next_fault(report);
		*fault = compiled->faults[i];
		fault->pointer = fault->schema_pointer;
		fault->schema_pointer = "";
	}
}
