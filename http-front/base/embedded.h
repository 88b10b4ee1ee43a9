/*
 * base/embedded.h
 *		Files that the build put into the program.
 *
 * Our own are always there.  Those that npm fetches are there only if they
 * were when the program was built.
 */
#ifndef DPMETA_EMBEDDED_H
#define DPMETA_EMBEDDED_H

#include <stddef.h>

typedef struct EmbeddedFile
{
	const char *name;
	const char *digest;			/* as digest_text() makes it */
	const char *start;
	const char *end;
	const char *gzip_start;		/* compressed; empty if that saves nothing */
	const char *gzip_end;
} EmbeddedFile;

/* Made by the script "embed". */
extern const EmbeddedFile EMBEDDED_FILES[];
extern const int EMBEDDED_COUNT;

#endif							/* DPMETA_EMBEDDED_H */
