/*
 * json_schema/run/node.h
 *		Going from one schema to the next, and what each leaves behind.
 */
#ifndef DPMETA_JSON_SCHEMA_NODE_H
#define DPMETA_JSON_SCHEMA_NODE_H

#include "postgres.h"
#include "json_schema/program.h"
#include "json_schema/report.h"

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

/* Runs the instructions of a node, as far as they go for a value. */
typedef struct SchemaRun SchemaRun;
typedef struct SchemaScore SchemaScore;
typedef bool (*SchemaRunOps) (SchemaRun *run, const SchemaNode *node,
							  const JsonItem *item, SchemaMarks *marks);

struct SchemaRun
{
	const SchemaProgram *program;
	bool		assert_format;
	SchemaReport *report;		/* NULL to stop at the first fault */
	SchemaScore *score;			/* faults are but counted here, or NULL */
	SchemaRunOps ops;			/* given from above, who knows them all */
	int			branch_depth;	/* of branches being explained */
	int			branch_runs;	/* of them so far */
	JsonPath   *path;
	SchemaScope *scope;
	SchemaFrame *frame;
	const List *skip;			/* parts of the document, JsonItem */
	const char *location;		/* of the node at hand */
	const char *keyword;		/* that applied it */
};

/* Runs a node on a value that the caller is looking at. */
extern bool schema_run_node(SchemaRun *run, int node, const JsonItem *item,
							SchemaMarks *marks);

/* The same, only to know: no faults are reported. */
extern bool schema_run_quietly(SchemaRun *run, int node, const JsonItem *item,
							   SchemaMarks *marks);

/* Runs a node on a child of it. */
extern bool schema_run_child(SchemaRun *run, int node, const JsonItem *key,
							 int index, const JsonItem *item);

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

#endif							/* DPMETA_JSON_SCHEMA_NODE_H */
