/*
 * base/file.h
 *		Files that others write and replace: reading one, and noticing that it is
 *		another.
 */
#ifndef DPMETA_FILE_H
#define DPMETA_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/*
 * The text of a small file, for the caller to free, or NULL with a reason.  One
 * newline at its end is taken off, because most programs write one; and so does
 * psql, which sets the same password from the same file.
 */
extern char *file_read(const char *path, char *reason, size_t size);

/* What a file was at the last look. */
typedef struct Watched
{
	char	   *path;
	bool		there;
	struct stat seen;
} Watched;

/* Begin with a copy of the path.  It may be NULL: then nothing ever changes. */
extern void watched_start(Watched *watched, const char *path);
extern void watched_stop(Watched *watched);

/*
 * Is it another file, or the same one with other contents, than at the last
 * look?  A path is followed afresh, through every symbolic link.
 */
extern bool watched_changed(Watched *watched);

#endif							/* DPMETA_FILE_H */
