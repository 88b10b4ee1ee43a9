/*
 * json_schema/dialect.h
 *		What each dialect of JSON Schema has.
 *
 * A draft is what json-schema.org publishes; a dialect is a draft, or as much
 * of it as a meta-schema's vocabularies leave.
 */
#ifndef DPMETA_JSON_SCHEMA_DIALECT_H
#define DPMETA_JSON_SCHEMA_DIALECT_H

#include "json_schema/item.h"

/* In the order of their publication. */
typedef enum SchemaDraft
{
	DRAFT_04,
	DRAFT_06,
	DRAFT_07,
	DRAFT_2019_09,
	DRAFT_2020_12
} SchemaDraft;

#define DRAFT_COUNT		(DRAFT_2020_12 + 1)

/* The draft of a schema that names none, unless the caller says otherwise. */
#define DRAFT_DEFAULT	DRAFT_2020_12

#define VOCAB_CORE				0x01
#define VOCAB_APPLICATOR		0x02
#define VOCAB_UNEVALUATED		0x04
#define VOCAB_VALIDATION		0x08
#define VOCAB_FORMAT			0x10	/* annotation, assertion on request */
#define VOCAB_FORMAT_ASSERTION	0x20
#define VOCAB_OTHER				0x40	/* meta-data, content: no assertion */
#define VOCAB_STANDARD			0x5F

typedef struct SchemaDraftFacts
{
	SchemaDraft number;
	const char *name;
	const char *uri;			/* of its meta-schema, without an empty "#" */
	const char *id;				/* the keyword that gives a schema its URI */
	const char *vocabularies;	/* where their URIs begin, or NULL */
	bool		ref_alone;		/* "$ref" hides what stands beside it */
	bool		id_is_anchor;	/* an ID may have a fragment, which names it */
	bool		literal_integer;	/* 1.0 is no integer */
} SchemaDraftFacts;

typedef struct SchemaDialect
{
	const SchemaDraftFacts *draft;
	int			vocabularies;
} SchemaDialect;

/* How the value of a keyword holds schemas. */
typedef enum KeywordShape
{
	SHAPE_NONE,
	SHAPE_SCHEMA,
	SHAPE_ARRAY,				/* of schemas */
	SHAPE_EITHER,				/* one of the two above */
	SHAPE_MAP					/* from names to schemas */
} KeywordShape;

/*
 * All keywords, in the order in which they run: what is cheap and says most
 * comes first, what needs the marks of the others last.  A keyword that came
 * to mean something else has a number for each meaning.
 */
typedef enum SchemaKeyword
{
	KEYWORD_TYPE,
	KEYWORD_CONST,
	KEYWORD_ENUM,
	KEYWORD_MINIMUM,
	KEYWORD_MINIMUM_04,
	KEYWORD_EXCLUSIVE_MINIMUM,
	KEYWORD_EXCLUSIVE_MINIMUM_04,
	KEYWORD_MAXIMUM,
	KEYWORD_MAXIMUM_04,
	KEYWORD_EXCLUSIVE_MAXIMUM,
	KEYWORD_EXCLUSIVE_MAXIMUM_04,
	KEYWORD_MULTIPLE_OF,
	KEYWORD_MIN_LENGTH,
	KEYWORD_MAX_LENGTH,
	KEYWORD_PATTERN,
	KEYWORD_FORMAT,
	KEYWORD_MIN_ITEMS,
	KEYWORD_MAX_ITEMS,
	KEYWORD_MIN_PROPERTIES,
	KEYWORD_MAX_PROPERTIES,
	KEYWORD_REQUIRED,
	KEYWORD_DEPENDENT_REQUIRED,
	KEYWORD_PROPERTY_NAMES,
	KEYWORD_PROPERTIES,
	KEYWORD_PATTERN_PROPERTIES,
	KEYWORD_ADDITIONAL_PROPERTIES,
	KEYWORD_PREFIX_ITEMS,
	KEYWORD_ITEMS,
	KEYWORD_ITEMS_2019,
	KEYWORD_ADDITIONAL_ITEMS,
	KEYWORD_UNIQUE_ITEMS,
	KEYWORD_UNIQUE_BY,
	KEYWORD_CONTAINS,
	KEYWORD_CONTAINS_2019,
	KEYWORD_MIN_CONTAINS,
	KEYWORD_MAX_CONTAINS,
	KEYWORD_REF,
	KEYWORD_DYNAMIC_REF,
	KEYWORD_RECURSIVE_REF,
	KEYWORD_ALL_OF,
	KEYWORD_ANY_OF,
	KEYWORD_ONE_OF,
	KEYWORD_NOT,
	KEYWORD_IF,
	KEYWORD_THEN,
	KEYWORD_ELSE,
	KEYWORD_DEPENDENT_SCHEMAS,
	KEYWORD_DEPENDENCIES,
	KEYWORD_UNEVALUATED_ITEMS,
	KEYWORD_UNEVALUATED_PROPERTIES,

	/* those that assert nothing */
	KEYWORD_ANCHOR,
	KEYWORD_DYNAMIC_ANCHOR,
	KEYWORD_RECURSIVE_ANCHOR,
	KEYWORD_DEFINITIONS,
	KEYWORD_DEFS,
	KEYWORD_CONTENT_SCHEMA,
	KEYWORD_COUNT,

	/* what a fault names that comes of a schema "false" */
	KEYWORD_FALSE = KEYWORD_COUNT
} SchemaKeyword;

/* No keyword of the draft. */
#define KEYWORD_UNKNOWN		(-1)

typedef struct SchemaKeywordFacts
{
	const char *name;
	SchemaDraft first;
	SchemaDraft last;
	int			vocabulary;
	KeywordShape shape;
} SchemaKeywordFacts;

extern const SchemaDraftFacts *schema_draft(SchemaDraft number);

/*
 * The draft by its name, such as "draft-07", or by its URI; NULL if there is
 * none such.
 */
extern const SchemaDraftFacts *schema_draft_find(const char *name);

/* The names of all drafts, for a person. */
extern char *schema_draft_names(void);

/* Are the two one URI, taken that http and https are the same? */
extern bool schema_draft_uri_is(const char *uri, const char *known);

extern const SchemaKeywordFacts *schema_keyword(int keyword);
extern const char *schema_keyword_name(int keyword);

/* The number of a keyword that the draft has, else KEYWORD_UNKNOWN. */
extern int	schema_keyword_find(SchemaDraft draft, const JsonItem *name);

extern bool schema_keyword_is_in(SchemaDraft draft, SchemaKeyword keyword);

/*
 * The bits of a vocabulary, by its URI and whether the meta-schema requires
 * it; 0 for one that the draft does not know.
 */
extern int	schema_vocabulary(const SchemaDraftFacts *draft,
							  const JsonItem *uri, bool required);

#endif							/* DPMETA_JSON_SCHEMA_DIALECT_H */
