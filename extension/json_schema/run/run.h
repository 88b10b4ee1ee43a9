/*
 * json_schema/run/run.h
 *		What the parts of the evaluator share.
 */
#ifndef DPMETA_JSON_SCHEMA_RUNNER_H
#define DPMETA_JSON_SCHEMA_RUNNER_H

#include "postgres.h"
#include "json_schema/program.h"

/* Which children of a value some schema has looked at and accepted. */
typedef struct SchemaMarks
{
	int			count;
	uint64	   *words;
	uint64		word;			/* enough for most values */
} SchemaMarks;

/* The resources passed through, innermost first. */
typedef struct SchemaScope
{
	struct SchemaScope *outer;
	int			resource;
} SchemaScope;

/* The nodes being run, innermost first. */
typedef struct SchemaFrame
{
	struct SchemaFrame *outer;
	int			node;
	int			depth;			/* of frames for this same value */
	const char *keyword;		/* that applied the node */
	const JsonPath *path;		/* to the value */
} SchemaFrame;

typedef struct SchemaRun
{
	const SchemaProgram *program;
	bool		assert_format;
	SchemaReport *report;		/* NULL to stop at the first fault */
	int			branch_depth;	/* of branches being explained */
	int			branch_runs;	/* of them so far */
	JsonPath   *path;
	SchemaScope *scope;
	SchemaFrame *frame;
	const List *skip;			/* parts of the document, JsonItem */
	const char *location;		/* of the node at hand */
	const char *keyword;		/* that applied it */
} SchemaRun;

/* Runs a node on a value that the caller is looking at. */
extern bool schema_run_node(SchemaRun *run, int node, const JsonItem *item,
							SchemaMarks *marks);

/* The same, only to know: no faults are reported. */
extern bool schema_run_quietly(SchemaRun *run, int node, const JsonItem *item,
							   SchemaMarks *marks);

/* Runs a node on a child of it. */
extern bool schema_run_child(SchemaRun *run, int node, const JsonItem *key,
							 int index, const JsonItem *item);

/* Schemas that go for the value as a whole, as alternatives. */
extern bool schema_run_any_of(SchemaRun *run, const SchemaOp *op,
							  const JsonItem *item, SchemaMarks *marks);
extern bool schema_run_one_of(SchemaRun *run, const SchemaOp *op,
							  const JsonItem *item, SchemaMarks *marks);

/* Instructions that judge the value by itself. */
extern bool schema_run_value(SchemaRun *run, const SchemaOp *op,
							 const JsonItem *item);

/* Instructions on the children of a value; in a file of their own. */
extern bool schema_run_members(SchemaRun *run, const SchemaOp *op,
							   const JsonItem *item, SchemaMarks *marks);
extern bool schema_run_property_names(SchemaRun *run, const SchemaOp *op,
									  const JsonItem *item);
extern bool schema_run_required(SchemaRun *run, const SchemaOp *op,
								const JsonItem *item);
extern bool schema_run_dependent_required(SchemaRun *run, const SchemaOp *op,
										  const JsonItem *item);
extern bool schema_run_items(SchemaRun *run, const SchemaOp *op,
							 const JsonItem *item, SchemaMarks *marks);
extern bool schema_run_contains(SchemaRun *run, const SchemaOp *op,
								const JsonItem *item, SchemaMarks *marks);
extern bool schema_run_unevaluated(SchemaRun *run, const SchemaOp *op,
								   const JsonItem *item, SchemaMarks *marks);
extern bool schema_run_unique_items(SchemaRun *run, const SchemaOp *op,
									const JsonItem *item);
extern bool schema_run_unique_by(SchemaRun *run, const SchemaOp *op,
								 const JsonItem *item);

/* Reports a fault at the value at hand; always false. */
extern bool schema_run_fault(SchemaRun *run, const SchemaOp *op,
							 const char *message,...) pg_attribute_printf(3, 4);
extern bool schema_run_fault_at(SchemaRun *run, const SchemaOp *op,
								const JsonItem *key, int index,
								const char *message,...) pg_attribute_printf(5, 6);

/*
 * A fault whose sentence costs something to make, so that it is only made when
 * somebody will read it.
 */
#define SCHEMA_FAULT(run, op, ...) \
	((run)->report ? schema_run_fault(run, op, __VA_ARGS__) : false)

/* A value, as a message quotes it. */
extern char *schema_quote(const JsonItem *item);
extern char *schema_quote_name(const char *str, int len);

extern void schema_marks_init(SchemaMarks *marks, int count);
extern void schema_marks_merge(SchemaMarks *marks, const SchemaMarks *other);
extern void schema_marks_free(SchemaMarks *marks);

static inline void
schema_mark(SchemaMarks *marks, int index)
{
	if (marks != NULL)
		marks->words[index / 64] |= UINT64CONST(1) << (index % 64);
}

static inline bool
schema_is_marked(const SchemaMarks *marks, int index)
{
	return (marks->words[index / 64] >> (index % 64)) & 1;
}

#endif							/* DPMETA_JSON_SCHEMA_RUNNER_H */
