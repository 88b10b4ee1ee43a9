/*
 * json_schema/program.h
 *		The flat form of a compiled schema.
 *
 * A schema object becomes a node: a range of instructions in one array.
 * Instructions name other nodes by number.  All of it lives in one memory
 * context, together with a copy of the schema that strings and numbers point
 * into.
 */
#ifndef DPMETA_JSON_SCHEMA_PROGRAM_H
#define DPMETA_JSON_SCHEMA_PROGRAM_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "json_schema/dialect.h"
#include "json_schema/format/format.h"
#include "json_schema/pattern/pattern.h"

/* A schema that refers to itself without end, told when compiled or run. */
#define SCHEMA_LOOP_MESSAGE \
	"The schema at \"%s\" comes back to itself on the same value."

/* Every program begins with two nodes: this one for "true", one for "false". */
#define NODE_ANY		0
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

/* Gives the schema registered under a URI, or NULL; see the registry. */
typedef Jsonb *(*SchemaLoader) (const char *uri, SchemaSource *source);

/* Puts the targets in the order that schema_program_target() needs. */
extern void schema_program_sort_targets(SchemaProgram *program);

/* Where the target of an anchor in a resource is, or would be. */
extern int	schema_program_target(const SchemaProgram *program, int anchor,
								  int resource);

#endif							/* DPMETA_JSON_SCHEMA_PROGRAM_H */
