/*
 * rules/rename.h
 *		The names that a table's columns had before, as a writer says them.
 */
#ifndef DPMETA_RENAME_H
#define DPMETA_RENAME_H

#include "rules/faults.h"

/*
 * What each column of a valid document says in "renamedFrom", for diff_table();
 * NULL if none says anything.  old is the definition that is written to, or NULL.
 * Adds a fault for each that cannot be; above is the pointer to the document.
 */
extern JsonbValue **rename_read(FaultList *faults, const char *above,
								Jsonb *document, Jsonb *old);

#endif							/* DPMETA_RENAME_H */
