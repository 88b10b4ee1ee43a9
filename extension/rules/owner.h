/*
 * rules/owner.h
 *		Which role the functions run as, once they have noted who called.
 */
#ifndef DPMETA_OWNER_H
#define DPMETA_OWNER_H

#include "postgres.h"

/*
 * The role that dpmeta.set_owner() named, else the one that the extension was
 * created for, else the owner of the functions.
 */
extern Oid	owner_find(Oid owner_of_functions);

#endif							/* DPMETA_OWNER_H */
