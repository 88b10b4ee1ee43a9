/*
 * json_schema/report.h
 *		Faults: collected by a run or a compilation, put in order and told.
 */
#ifndef DPMETA_JSON_SCHEMA_REPORT_H
#define DPMETA_JSON_SCHEMA_REPORT_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "utils/jsonb.h"

#include "json_schema/item.h"

/* A step on the way to the value being looked at. */
typedef struct JsonPath
{
	struct JsonPath *parent;
	const JsonItem *key;		/* NULL in an array */
	int			index;
} JsonPath;

struct SchemaReport;

/* One schema on the way to a fault. */
typedef struct SchemaStep
{
	const char *location;		/* where it stands */
	int			location_len;	/* of the trace's location up to it */
	int			instance_len;	/* of the fault's pointer up to its value */
} SchemaStep;

/* How a run came to a fault: by which keywords, references not followed. */
typedef struct SchemaTrace
{
	const char *location;
	int			nsteps;
	SchemaStep *steps;
} SchemaTrace;

/* Why one alternative of "anyOf" or "oneOf" does not hold. */
typedef struct SchemaBranch
{
	const char *location;
	struct SchemaReport *report;
} SchemaBranch;

typedef struct SchemaFault
{
	const char *pointer;
	const char *schema_pointer;
	const char *keyword;
	char	   *message;
	int			depth;			/* the places of the path, to sort by */
	int		   *places;
	int			order;			/* in which they were found */
	int			nbranches;
	SchemaBranch *branches;		/* the likeliest first */
	const char *branch;			/* the one that it is of, or NULL */
	SchemaTrace *trace;			/* if the report is traced */
} SchemaFault;

/* The most branches reported for one fault, and for one inside another. */
#define BRANCHES_MAX		10
#define NESTED_BRANCHES_MAX	3

/* The most faults reported for one branch, and how deep they nest. */
#define BRANCH_FAULTS_MAX	20
#define BRANCH_DEPTH_MAX	4

/*
 * The most branches that one run looks into.  Without it, nested alternatives
 * would multiply.
 */
#define BRANCH_RUNS_MAX		2000

/* Collects faults; every one of them is kept, but for a branch's. */
typedef struct SchemaReport
{
	bool		all_branches;	/* else only the one that must be meant */
	bool		traced;
	bool		unsorted;		/* in the order of the run, branches apart */
	int			limit;			/* of faults to keep, or 0 */
	MemoryContext context;		/* where the faults are kept */
	int			count;
	int			capacity;
	SchemaFault *faults;
} SchemaReport;

extern void schema_report_init(SchemaReport *report);

/* Gives the fault, or NULL if the report has enough of them. */
extern SchemaFault *schema_report_add(SchemaReport *report,
									  const JsonPath *path,
									  const char *location,
									  const char *keyword,
									  const char *message);

/* How long the pointer to a value is. */
extern int	json_path_length(const JsonPath *path);

/* A report for one branch of what a report tells. */
extern SchemaReport *schema_report_branch(const SchemaReport *report);
extern void schema_report_sort(SchemaReport *report);
extern void schema_report_condense(SchemaReport *report);
extern void schema_report_merge(SchemaReport *report,
								const SchemaReport *compiled);
extern Jsonb *schema_report_jsonb(SchemaReport *report);
extern char *schema_message(const char *format, va_list args)
			pg_attribute_printf(1, 0);

#endif							/* DPMETA_JSON_SCHEMA_REPORT_H */
