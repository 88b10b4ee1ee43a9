/*
 * rules/diff.h
 *		What changed between two states of a data product, and of what kind
 *		each change is: the one place that knows a major from a minor.
 */
#ifndef DPMETA_DIFF_H
#define DPMETA_DIFF_H

#include "postgres.h"
#include "utils/jsonb.h"

#include "rules/changes.h"

/* Metadata of two versions, and what pipelines reported. */
extern void diff_metadata(ChangeList *list, Jsonb *old, Jsonb *new);
extern void diff_facts(ChangeList *list, Jsonb *old, Jsonb *new);

/* Two definitions of a table; NULL where it is not there. */
extern void diff_table(ChangeList *list, const char *table, Jsonb *old,
					   Jsonb *new);

#endif							/* DPMETA_DIFF_H */
