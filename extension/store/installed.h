/*
 * store/installed.h
 *		Does the library know the SQL that the database has?
 */
#ifndef DPMETA_INSTALLED_H
#define DPMETA_INSTALLED_H

/* Releases of the SQL whose tables the library reads and writes. */
typedef enum Release
{
	RELEASE_1_0,
	RELEASE_1_1,
	RELEASE_COUNT
} Release;

/*
 * To be called before a table is touched.  Raises
 * ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE unless the extension is of a version
 * whose tables this library reads and writes.
 */
extern void installed_check(void);

/* Which one it is, for what only later ones have.  Raises likewise. */
extern Release installed_release(void);

#endif							/* DPMETA_INSTALLED_H */
