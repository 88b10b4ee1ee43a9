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
#include "compat.h"
#include "json_schema/item.h"
#include "json_schema/format/format.h"
#include "json_schema/pattern/translate.h"

/* Vocabularies; a dialect is a set of them. */
#define VOCAB_CORE				0x01
#define VOCAB_APPLICATOR		0x02
#define VOCAB_UNEVALUATED		0x04
#define VOCAB_VALIDATION		0x08
#define VOCAB_FORMAT			0x10	/* annotation, assertion on request */
#define VOCAB_FORMAT_ASSERTION	0x20
#define VOCAB_OTHER				0x40	/* meta-data, content: no assertion */
#define VOCAB_STANDARD			0x5F

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
	int		   *prefix;
	int			rest;			/* the node of "items", or NODE_ABSENT */
} SchemaItems;

typedef struct SchemaContains
{
	int			node;
	int64		min;
	int64		max;
	bool		min_given;
} SchemaContains;

typedef struct SchemaNodeList
{
	int			count;
	int			nodes[FLEXIBLE_ARRAY_MEMBER];
} SchemaNodeList;

typedef struct SchemaEnum
{
	int			count;
	JsonItem   *values;
	uint64	   *hashes;			/* ascending, with values in step; or NULL */
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
		SchemaName	name;
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
	int			ntargets;
	SchemaDynamicTarget *targets;	/* by anchor, then resource */
	List	   *sources;		/* SchemaSource, for programs with a registry */
	Size		extra_bytes;	/* held outside the context, by patterns */
} SchemaProgram;

/* A step on the way to the value being looked at. */
typedef struct JsonPath
{
	struct JsonPath *parent;
	const JsonItem *key;		/* NULL in an array */
	int			index;
} JsonPath;

typedef struct SchemaFault
{
	const char *pointer;
	const char *schema_pointer;
	const char *keyword;
	char	   *message;
	int			depth;			/* the places of the path, to sort by */
	int		   *places;
	int			order;			/* in which they were found */
} SchemaFault;

/* Collects faults; every one of them is kept. */
typedef struct SchemaReport
{
	MemoryContext context;		/* where the faults are kept */
	int			count;
	int			capacity;
	SchemaFault *faults;
} SchemaReport;

extern void schema_report_init(SchemaReport *report);
extern void schema_report_add(SchemaReport *report, const JsonPath *path,
							  const char *location, const char *keyword,
							  const char *message);
extern void schema_report_sort(SchemaReport *report);
extern void schema_report_condense(SchemaReport *report);
extern void schema_report_merge(SchemaReport *report,
								const SchemaReport *compiled);
extern Jsonb *schema_report_jsonb(SchemaReport *report);
extern char *schema_message(const char *format, va_list args)
			pg_attribute_printf(1, 0);
extern void append_pointer_token(StringInfo buf, const char *str, int len);

/*
 * Runs the program; without a report it stops at the first fault.
 */
extern bool schema_program_run(const SchemaProgram *program,
							   const JsonItem *document, bool assert_format,
							   SchemaReport *report);

/* Where the target of an anchor in a resource is, or would be. */
extern int	schema_program_target(const SchemaProgram *program, int anchor,
								  int resource);

/* Gives the schema registered under a URI, or NULL; see the registry. */
typedef Jsonb *(*SchemaLoader) (const char *uri, SchemaSource *source);

/*
 * Compiles in the context given.  With a report the schema's faults go there
 * and NULL comes back; without, the first is raised.
 */
extern SchemaProgram *schema_compile(Jsonb *schema, const char *base_uri,
									 SchemaLoader loader,
									 MemoryContext context,
									 SchemaReport *report);

/*
 * Checks a schema against the meta-schema that it names, references and
 * patterns aside.  A meta-schema that has faults itself raises them, unless
 * it is to be ignored as one that is not known is.
 */
extern bool schema_check(Jsonb *schema, SchemaLoader loader,
						 bool ignore_faulty, SchemaReport *report);

/* Raises what schema_check() found last. */
pg_noreturn extern void schema_report_raise(const SchemaReport *report);

/* Compiles after checking the schema against its meta-schema; raises. */
extern SchemaProgram *schema_compile_checked(Jsonb *schema,
											 const char *base_uri,
											 SchemaLoader loader,
											 MemoryContext context);

/* A meta-schema that is built in, or NULL. */
extern Jsonb *schema_builtin(const char *uri);

#endif							/* DPMETA_JSON_SCHEMA_PROGRAM_H */
