/*
 * types/field_name.h
 *		The names of a struct's fields: letters and digits of any language, _,
 *		$ and -, in any case.
 */
#ifndef DPMETA_FIELD_NAME_H
#define DPMETA_FIELD_NAME_H

#include "postgres.h"

/* How long a field's name may be, in characters. */
#define FIELD_NAME_MAX	128

/*
 * Reads a name at cur.  Returns its length in bytes, or 0 after a fault: then
 * *fault_at is where it is and *reason says what it is.
 */
extern int	field_name_scan(const char *cur, const char *end,
							const char **fault_at, const char **reason);

/*
 * What two names have in common that are the same name: their characters, without
 * regard to case and to how an accent is written.  Of str itself where that will
 * do, else palloc'd; *key_len is in bytes.
 */
extern const char *field_name_key(const char *str, int len, int *key_len);

#endif							/* DPMETA_FIELD_NAME_H */
