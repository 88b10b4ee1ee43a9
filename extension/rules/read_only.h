/*
 * rules/read_only.h
 *		The members of a document that the platform sets: a writer may send them
 *		back as they were read.
 */
#ifndef DPMETA_READ_ONLY_H
#define DPMETA_READ_ONLY_H

#include "rules/base.h"
#include "rules/faults.h"

/*
 * Add a fault for each such member of a document, or of a patch, that is not what
 * the store says, or would say, of the version that the write starts from.  above is
 * the pointer to the document.  name is that of the product, or NULL where the
 * document gives it.
 */
extern void read_only_judge_product(FaultList *faults, Jsonb *document,
									const WriteBase *base, const char *name);
extern void read_only_judge_schema(FaultList *faults, const char *above,
								   Jsonb *document, const WriteBase *base,
								   const char *table);

/* The same for a consumer, of whom "says" is all that there is to say. */
extern void read_only_judge_consumer(FaultList *faults, Jsonb *document,
									 Jsonb *says);

#endif							/* DPMETA_READ_ONLY_H */
