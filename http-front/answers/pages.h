/*
 * answers/pages.h
 *		The pages for people and the files that they need, in memory.
 */
#ifndef DPMETA_PAGES_H
#define DPMETA_PAGES_H

#include <stdbool.h>
#include <stddef.h>

#define PAGE_FOLDER "/docs/assets/"
#define MODULE_FOLDER "/assets/"

/* The page that shows the catalogue and all that is in it. */
#define APP_PAGE "app.html"

typedef struct Page
{
	const char *type;			/* media type */
	const char *body;
	size_t		size;
	const char *gzip;			/* NULL: there is none */
	size_t		gzip_size;
	const char *etag;			/* NULL for what never changes */
	bool		is_app;			/* the page APP_PAGE */
	size_t		place;			/* in the body, of what a problem says */
} Page;

/* Takes the settings of config.h, and where auth/auth.h says that people log in. */
extern bool pages_start(void);
extern void pages_stop(void);

/* A page by its file's name; NULL when this build lacks what it needs. */
extern const Page *pages_find(const char *name);

/* A file by its name in PAGE_FOLDER, or NULL. */
extern const Page *pages_find_asset(const char *name);

/*
 * A file by its name in MODULE_FOLDER and the release that it is part of.  The
 * modules of a release find each other by their plain names.
 */
extern const Page *pages_find_module(const char *release, const char *name);

#endif							/* DPMETA_PAGES_H */
