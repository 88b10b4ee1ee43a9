/*
 * json_schema/program.h
 *		The flat form of a compiled schema, and what the parts of the
 *		validator know of one another.
 *
 * A schema object becomes a node: a range of instructions in one array.
 * Instructions name other nodes by number.  All of it lives in one memory
 * context, together with a copy of the schema that strings and numbers point
 * into.
 */
#ifndef DPMETA_JSON_SCHEMA_PROGRAM_H
#define DPMETA_JSON_SCHEMA_PROGRAM_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "json_schema/dialect.h"
#include "json_schema/format/format.h"
#include "json_schema/pattern/translate.h"

/* A schema that refers to itself without end, told when compiled or run. */
#define SCHEMA_LOOP_MESSAGE \
	"The schema at \"%s\" comes back to itself on the same value."

/* Two nodes that every program has. */
#define NODE_ANY		0
#define NODE_NONE		1
#define NODE_ABSENT		(-1)

typedef enum SchemaOpCode
{
	OP_FALSE,
	OP_TYPE,
	OP_CONST,
	OP_ENUM,
	OP_MULTIPLE_OF,
	OP_MAXIMUM,
	OP_EXCLUSIVE_MAXIMUM,
	OP_MINIMUM,
	OP_EXCLUSIVE_MINIMUM,
	OP_MAX_LENGTH,
	OP_MIN_LENGTH,
	OP_PATTERN,
	OP_FORMAT,
	OP_MAX_COUNT,				/* maxItems, maxProperties */
	OP_MIN_COUNT,				/* up to here a node of them is a leaf */
	OP_UNIQUE_ITEMS,
	OP_UNIQUE_BY,
	OP_REQUIRED,
	OP_DEPENDENT_REQUIRED,
	OP_MEMBERS,
	OP_PROPERTY_NAMES,
	OP_ITEMS,
	OP_CONTAINS,
	OP_REF,
	OP_DYNAMIC_REF,
	OP_ALL_OF,
	OP_ANY_OF,
	OP_ONE_OF,
	OP_NOT,
	OP_IF,
	OP_DEPENDENT_SCHEMAS,
	OP_UNEVALUATED_ITEMS,
	OP_UNEVALUATED_PROPERTIES
} SchemaOpCode;

typedef struct SchemaName
{
	const char *str;
	int			len;
	int			node;			/* a schema that goes with the name, or none */
	struct SchemaNames *names;	/* names that go with it, or NULL */
} SchemaName;

/* In the order of the keys of a jsonb, so that both are read side by side. */
typedef struct SchemaNames
{
	int			count;
	SchemaName	list[FLEXIBLE_ARRAY_MEMBER];
} SchemaNames;

typedef struct SchemaPatternNode
{
	JsonPattern *pattern;
	int			node;
} SchemaPatternNode;

/* properties, patternProperties and additionalProperties of one schema. */
typedef struct SchemaMembers
{
	SchemaNames *names;			/* or NULL */
	int			npatterns;
	SchemaPatternNode *patterns;
	int			additional;		/* a node, or NODE_ABSENT */
} SchemaMembers;

typedef struct SchemaItems
{
	int			nprefix;
	const int  *prefix;
	int			rest;			/* a node, or NODE_ABSENT */
	const char *prefix_keyword;
	const char *rest_keyword;
} SchemaItems;

typedef struct SchemaContains
{
	int			node;
	int64		min;
	int64		max;
	bool		min_given;
	bool		marks;			/* what it accepts counts as evaluated */
} SchemaContains;

typedef struct SchemaNodeList
{
	int			count;
	int			nodes[FLEXIBLE_ARRAY_MEMBER];
} SchemaNodeList;

typedef struct SchemaEnumHash
{
	uint64		hash;
	int			value;
} SchemaEnumHash;

typedef struct SchemaEnum
{
	int			count;
	JsonItem   *values;
	SchemaEnumHash *hashes;		/* ascending; NULL for a short one */
} SchemaEnum;

typedef struct SchemaIf
{
	int			condition;
	int			then_node;
	int			else_node;
} SchemaIf;

typedef struct SchemaOp
{
	uint8		code;			/* SchemaOpCode */
	uint8		kinds;			/* what it applies to, as JSON_BITs */
	bool		flag;			/* of the code's own meaning */
	const char *keyword;
	union
	{
		int			types;
		int			node;
		int64		count;
		Numeric		number;
		JsonItem	value;
		JsonPattern *pattern;
		const StringFormat *format;
		SchemaNames *names;
		SchemaEnum *values;
		SchemaMembers *members;
		SchemaItems *items;
		SchemaContains *contains;
		SchemaNodeList *nodes;
		SchemaIf   *branch;
		struct
		{
			int			node;
			int			anchor;
		}			dynamic;
	}			arg;
} SchemaOp;

typedef struct SchemaNode
{
	int			first;			/* its instructions */
	int			count;
	int			resource;
	bool		wants_marks;	/* has an unevaluated keyword */
	bool		leaf;			/* looks neither into the value nor elsewhere */
	uint8		accepts;		/* kinds of which it takes any value */
	const char *location;		/* RFC 6901, with the URI before "#" if
								 * foreign */
} SchemaNode;

/* Where "$dynamicRef" of one name leads from one resource. */
typedef struct SchemaDynamicTarget
{
	int			anchor;
	int			resource;
	int			node;
} SchemaDynamicTarget;

/* A schema with a URI of its own, and where it stands. */
typedef struct SchemaNamedPart
{
	const char *location;
	const char *uri;			/* NULL if it is not absolute */
} SchemaNamedPart;

/* A registered schema that the program was compiled from. */
typedef struct SchemaSource
{
	const char *uri;
	uint64		digest[4];
} SchemaSource;

typedef struct SchemaProgram
{
	MemoryContext context;
	Jsonb	   *schema;			/* its own copy */
	int			nnodes;
	SchemaNode *nodes;
	SchemaOp   *ops;
	int			root;
	int			nresources;
	SchemaNamedPart *parts;		/* of each resource */
	int			ntargets;
	SchemaDynamicTarget *targets;	/* by anchor, then resource */
	List	   *sources;		/* SchemaSource, for programs with a registry */
	Size		extra_bytes;	/* held outside the context, by patterns */
	char	   *free;			/* what is left of the last block */
	Size		free_bytes;
} SchemaProgram;

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

/* How many branches of one fault are told; nested in another, fewer. */
#define BRANCHES_MAX		10
#define NESTED_BRANCHES_MAX	3

/* How many faults of one branch are told, and how deep they nest. */
#define BRANCH_FAULTS_MAX	20
#define BRANCH_DEPTH_MAX	4

/* How many branches one run looks into, lest their product is. */
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

/*
 * Writes a reference token of RFC 6901, with its slash, at most twice its
 * length and one; gives the end.
 */
extern char *write_pointer_token(char *to, const char *str, int len);
extern void append_pointer_token(StringInfo buf, const char *str, int len);

/*
 * Runs the program; without a report it stops at the first fault.  Of the
 * document the parts in skip, JsonItem, are taken to be valid.
 */
extern bool schema_program_run(const SchemaProgram *program,
							   const JsonItem *document, bool assert_format,
							   const List *skip, SchemaReport *report);

/* Where the target of an anchor in a resource is, or would be. */
extern int	schema_program_target(const SchemaProgram *program, int anchor,
								  int resource);

/* Gives the schema registered under a URI, or NULL; see the registry. */
typedef Jsonb *(*SchemaLoader) (const char *uri, SchemaSource *source);

/*
 * Compiles in the context given; the draft is that of a schema that names
 * none.  With a report the schema's faults go there
 * and NULL comes back; without, the first is raised.
 */
extern SchemaProgram *schema_compile(Jsonb *schema, const char *base_uri,
									 SchemaDraft draft, SchemaLoader loader,
									 MemoryContext context,
									 SchemaReport *report);

#endif							/* DPMETA_JSON_SCHEMA_PROGRAM_H */
