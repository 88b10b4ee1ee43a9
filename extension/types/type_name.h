/*
 * types/type_name.h
 *		The names of column types: those that there are, and those of other
 *		engines that have another name here, or none.
 */
#ifndef DPMETA_TYPE_NAME_H
#define DPMETA_TYPE_NAME_H

#include "postgres.h"

/* What may follow the name of a type. */
typedef enum TypeShape
{
	SHAPE_PLAIN,
	SHAPE_DOUBLE,				/* precision, or nothing */
	SHAPE_LENGTH,				/* (n) */
	SHAPE_OPTIONAL_LENGTH,		/* (n), or nothing */
	SHAPE_DECIMAL,				/* (p), (p,s), or nothing */
	SHAPE_ARRAY,				/* <T> */
	SHAPE_MAP,					/* <K,V> */
	SHAPE_STRUCT				/* <name:T,...> */
} TypeShape;

typedef struct TypeName
{
	const char *name;
	const char *canonical;
	TypeShape	shape;
	int			max;			/* of the first number in parentheses */
} TypeName;

/* How many bytes of [A-Za-z0-9_] stand at cur. */
extern int	type_word_scan(const char *cur, const char *end);

/* The type of this name, in any case; NULL if there is none. */
extern const TypeName *type_name_find(const char *str, int len);

/*
 * Is it the name of a type of another engine?  Then *instead is what to write
 * here, or NULL where nothing says the same.
 */
extern bool type_name_is_foreign(const char *str, int len,
								 const char **instead);

/* Is it array, map or struct? */
extern bool type_is_nested(const TypeName *type);

#endif							/* DPMETA_TYPE_NAME_H */
