/*
 * rules/faults.h
 *		What is wrong with the documents of one write: all of it, and where.
 */
#ifndef DPMETA_FAULTS_H
#define DPMETA_FAULTS_H

#include "postgres.h"
#include "utils/jsonb.h"

/* A list without faults is all zeros. */
typedef struct FaultList
{
	JsonbParseState *state;
	int			count;
	int			document;		/* which one of many has those that are added,
								 * from 1; 0 where there is only one */
} FaultList;

/* The pointer to a place below one; a name in it is written as RFC 6901 has it. */
extern char *fault_pointer(const char *above, const char *name);
extern char *fault_pointer_at(const char *above, int position);

/*
 * Adds a fault.  The keyword is that of the model that is broken, or the member
 * that is wrong in a way that no model can say.
 */
extern void faults_add(FaultList *list, const char *pointer,
					   const char *keyword, const char *message);

/* Adds what the validator found, with "above" before each pointer. */
extern void faults_add_all(FaultList *list, const char *above, Jsonb *faults);

/* Raises ERRCODE_DP_INVALID_DOCUMENT with all of them, if there are some. */
extern void faults_report(FaultList *list);

/*
 * So many faults are listed at most.  A small document can have very many, and
 * each takes more memory than what is wrong.
 */
#define FAULTS_MOST		1000

#endif							/* DPMETA_FAULTS_H */
