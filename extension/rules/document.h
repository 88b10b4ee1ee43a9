/*
 * rules/document.h
 *		The documents of data products and of table schemas: checked against
 *		their models, put into canonical form for storage, and rendered.
 */
#ifndef DPMETA_DOCUMENT_H
#define DPMETA_DOCUMENT_H

#include "postgres.h"
#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "rules/diff.h"
#include "rules/faults.h"
#include "rules/id.h"
#include "store/fetch.h"

/* What pipelines report of a version's data, in the order in which it is read. */
#define FACT_MEMBERS	"lastUpdated", "dpiaLocation", "s3Location", "rowCount"

typedef enum FactMember
{
	FACT_LAST_UPDATED,
	FACT_DPIA_LOCATION,
	FACT_S3_LOCATION,
	FACT_ROW_COUNT,
	FACT_COUNT
} FactMember;

extern const char *const fact_members[FACT_COUNT];

/* The models' names, as dpmeta.model() knows them. */
#define MODEL_DATA_PRODUCT			"data-product"
#define MODEL_DATA_PRODUCT_UPDATE	"data-product-update"
#define MODEL_SCHEMA				"schema"
#define MODEL_CONTRACT				"contract"
#define MODEL_CONSUMER				"consumer"

/* Does it fit?  Else adds every fault; "above" is the pointer to the document. */
extern bool document_judge(FaultList *faults, const char *above,
						   const char *model, Jsonb *document, ReadMode mode);

/* Raises ERRCODE_DP_INVALID_DOCUMENT with every fault unless it fits. */
extern void document_check(const char *model, Jsonb *document, ReadMode mode);

/*
 * Raises ERRCODE_DP_INVALID_PARAMETER unless the model of a data product lists
 * the value among those that the member may have.
 */
extern void document_check_choice(const char *member, const char *value,
								  ReadMode mode);

/*
 * The members that a writer gives, all of them: defaults filled in, the name
 * left out.  The document fits its model.
 */
extern Jsonb *document_metadata(Jsonb *document);

/* tableDescription and columns, types in canonical spelling. */
extern Jsonb *document_definition(Jsonb *document);

/* RFC 7396. */
extern Jsonb *document_merge(Jsonb *target, Jsonb *patch);

/* A version's document as it is stored, without "schemas". */
extern text *document_of_version(const Product *product, const Version *version);

/* A table's document as it is stored, without "id" and "dataProduct". */
extern text *document_of_definition(Jsonb *definition);

/* What is sent: with the IDs of the version's tables, a List of char *. */
extern text *document_of_data_product(const Product *product,
									  const Version *version, List *tables);
extern text *document_of_schema(const Product *product, const Version *version,
								const char *table, text *document);

/*
 * Adds the tables that a write leaves as they were because its document does not
 * have them, a List of char *.
 */
extern void document_append_kept(StringInfo out, List *kept);

/*
 * The same document with those whom the write that it answers breaks, a jsonb
 * array; NULL is for none.
 */
extern text *document_with_affected(text *document, Jsonb *affected);

/* The same with what a contract had that could not be stored. */
extern text *document_with_warnings(text *document, Jsonb *warnings);

/*
 * The answer to a dry run: what the write would make.  NO_VERSION is for one
 * that makes none.
 */
extern text *document_of_dry_run(const DpIdParts *id, DpVersion version,
								 ChangeKind kind, Jsonb *changes, List *kept,
								 Jsonb *affected);

#endif							/* DPMETA_DOCUMENT_H */
