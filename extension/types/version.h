/*
 * types/version.h
 *		The version of a data product: major and minor in one 8-byte word.
 */
#ifndef DPMETA_VERSION_H
#define DPMETA_VERSION_H

#include "postgres.h"
#include "fmgr.h"

/*
 * Major in the high 32 bits, minor in the low ones, both 0 to INT32_MAX, so
 * that the order of versions is the order of the words.  A valid version has
 * a major of at least 1.
 */
typedef int64 DpVersion;

#define DPVERSION_PART_MAX	INT32_MAX
/* "v2147483647.2147483647" and its NUL */
#define DPVERSION_BUFSIZE	24

#define dpversion_make(major, minor) \
	((DpVersion) (((int64) (major) << 32) | (int64) (minor)))
#define dpversion_major(v)		((int32) ((v) >> 32))
#define dpversion_minor(v)		((int32) ((v) & 0xFFFFFFFF))

/* Stands for a version that is not there. */
#define NO_VERSION				((DpVersion) 0)
#define FIRST_VERSION			dpversion_make(1, 0)
#define LAST_VERSION			LAST_OF_MAJOR(DPVERSION_PART_MAX)
#define LAST_OF_MAJOR(major)	dpversion_make(major, DPVERSION_PART_MAX)

#define DatumGetDpVersion(d)		((DpVersion) DatumGetInt64(d))
#define DpVersionGetDatum(v)		Int64GetDatum((int64) (v))
#define PG_GETARG_DPVERSION(n)		DatumGetDpVersion(PG_GETARG_DATUM(n))
#define PG_RETURN_DPVERSION(v)		return DpVersionGetDatum(v)

/*
 * Reads "vMAJOR.MINOR", all of the NUL-terminated string; false if it is not
 * one.
 */
extern bool dpversion_parse(const char *str, DpVersion *version);

/*
 * Writes the text form into buf (DPVERSION_BUFSIZE bytes), with its NUL;
 * returns its length.
 */
extern int	dpversion_format(DpVersion version, char *buf);

#endif							/* DPMETA_VERSION_H */
