/*
 * db/database_url.h
 *		What a database URL must be like for the front to start with it.
 */
#ifndef DPMETA_DATABASE_URL_H
#define DPMETA_DATABASE_URL_H

#include <stdbool.h>

/* NULL, or what is wrong with it, without anything of what it says. */
extern const char *database_url_fault(const char *url);

/*
 * Call for each file that a connection is made with: a password file,
 * certificates, a key.
 */
extern void database_url_files(const char *url,
							   void (*take) (void *arg, const char *path),
							   void *arg);

#endif							/* DPMETA_DATABASE_URL_H */
