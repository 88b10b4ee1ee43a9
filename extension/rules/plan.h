/*
 * rules/plan.h
 *		The third stage of a write: what it makes of its base, and what is
 *		different then.
 */
#ifndef DPMETA_PLAN_H
#define DPMETA_PLAN_H

#include "nodes/pg_list.h"

#include "rules/base.h"
#include "rules/diff.h"
#include "rules/faults.h"
#include "rules/request.h"

/* What a write wants of one table; NULL where it is not there. */
typedef struct TableChange
{
	char	   *table;
	Jsonb	   *old;
	Jsonb	   *new;
	JsonbValue **renamed_from;	/* as for diff_table() */
} TableChange;

/* What is wanted: metadata, and tables that may or may not change. */
typedef struct WantedState
{
	Jsonb	   *metadata;
	List	   *tables;			/* of TableChange */
	List	   *kept;			/* of a contract: the names of the tables that
								 * it leaves as they are */
	FaultList	faults;			/* why it may not be had; then all else is of
								 * no use */
} WantedState;

/* A kind of write. */
struct WriteOperation
{
	const char *action;			/* its name in the log */
	BaseChoice	base;
	/* Says what is wanted; raises when that may not be had. */
	void		(*want) (const WriteRequest *request, const WriteBase *base,
						 WantedState *wanted);
	bool		of_contract;	/* its document has the tables as well */
	bool		prunes;			/* removes those that it does not have */
	bool		removes;		/* it is a deletion, which may be refused */
};

extern const WriteOperation operation_register;
extern const WriteOperation operation_update;
extern const WriteOperation operation_patch;
extern const WriteOperation operation_sync;
extern const WriteOperation operation_put_contract;
extern const WriteOperation operation_prune_contract;
extern const WriteOperation operation_register_schema;
extern const WriteOperation operation_update_schema;
extern const WriteOperation operation_patch_schema;
extern const WriteOperation operation_delete_schema;

typedef struct WritePlan
{
	Jsonb	   *metadata;
	List	   *tables;			/* of TableChange: those that do change */
	List	   *kept;			/* as wanted */
	ChangeKind	kind;			/* of the greatest change */
	Jsonb	   *changes;		/* an array, as an event records it */
} WritePlan;

/*
 * Raise ERRCODE_DP_INVALID_DOCUMENT with every fault of the documents of a
 * registration, or of a sync, that can be found without its base.
 */
extern void plan_judge_registration(Jsonb *document);
extern void plan_judge_sync(Jsonb *document, Jsonb *schemas);

/* Adds the faults of a contract that says its name itself; is there none? */
extern bool plan_judge_contract(FaultList *faults, Jsonb *document);

extern void plan_make(const WriteRequest *request, const WriteBase *base,
					  WritePlan *plan);

#endif							/* DPMETA_PLAN_H */
