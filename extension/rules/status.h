/*
 * rules/status.h
 *		Who may give a data product which status.
 */
#ifndef DPMETA_STATUS_H
#define DPMETA_STATUS_H

#include "postgres.h"
#include "utils/jsonb.h"

#include "rules/actor.h"

/*
 * Raises ERRCODE_DP_FORBIDDEN unless the actor may make the one metadata of the
 * other, which is NULL for a data product that is new.
 */
extern void status_require_right(const Actor *actor, Jsonb *old, Jsonb *new);

/*
 * The same for a write that was carried out: from the changes that it made,
 * and the metadata of the version that these led to.
 */
extern void status_require_right_again(const Actor *actor, Jsonb *changes,
									   Jsonb *made);

#endif							/* DPMETA_STATUS_H */
