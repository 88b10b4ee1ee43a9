/*
 * store/installed.h
 *		Does the library know the SQL that the database has?
 */
#ifndef DPMETA_INSTALLED_H
#define DPMETA_INSTALLED_H

/*
 * To be called before a table is touched.  Raises
 * ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE unless the extension is of a version
 * whose tables this library reads and writes.
 */
extern void installed_check(void);

#endif							/* DPMETA_INSTALLED_H */
