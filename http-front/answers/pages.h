/*
 * answers/pages.h
 *		The documentation pages and the files that they need, in memory.
 */
#ifndef DPMETA_PAGES_H
#define DPMETA_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#define PAGE_FOLDER "/docs/assets/"

typedef struct Page
{
	const char *type;			/* media type */
	const char *body;
	size_t		size;
	const char *gzip;			/* NULL: there is none */
	size_t		gzip_size;
	const char *etag;			/* NULL for what never changes */
} Page;

/* Takes the settings of config.h. */
extern bool pages_start(void);
extern void pages_stop(void);

/* A page by its file's name; NULL when this build lacks what it needs. */
extern const Page *pages_find(const char *name);

/* A file by its name in PAGE_FOLDER, or NULL. */
extern const Page *pages_find_asset(const char *name);

#endif							/* DPMETA_PAGES_H */
