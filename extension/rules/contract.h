/*
 * rules/contract.h
 *		A data product with all of its tables as one document.
 */
#ifndef DPMETA_CONTRACT_H
#define DPMETA_CONTRACT_H

#include "postgres.h"
#include "nodes/pg_list.h"
#include "utils/jsonb.h"

#include "store/fetch.h"

/* One of the tables of a document. */
typedef struct ContractTable
{
	char	   *name;
	Jsonb	   *document;
} ContractTable;

/* The tables of a document that fits its model, as it has them. */
extern List *contract_tables(Jsonb *document);

/* Those of the names, a List of char *, that are no table of the document. */
extern List *contract_left_out(Jsonb *document, List *names);

/*
 * What is sent of a version; kept names the tables that the write which made it left
 * as they were.
 */
extern text *contract_render(const Product *product, const Version *version,
							 List *kept, ReadMode mode);

#endif							/* DPMETA_CONTRACT_H */
