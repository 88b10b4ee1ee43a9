/*
 * json/columns.h
 *		The columns in a table's definition, which may be anything.
 */
#ifndef DPMETA_COLUMNS_H
#define DPMETA_COLUMNS_H

#include "postgres.h"
#include "utils/jsonb.h"

/* The array of columns, or NULL. */
extern JsonbContainer *columns_of(Jsonb *definition);

extern uint32 count_of(JsonbContainer *columns);

/* A member of the column of this number, or NULL. */
extern JsonbValue *column_member(JsonbContainer *columns, uint32 number,
								 const char *key);

/* A text member of the column of this number, or NULL. */
extern JsonbValue *column_text(JsonbContainer *columns, uint32 number,
							   const char *key);

#endif							/* DPMETA_COLUMNS_H */
