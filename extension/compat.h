/*
 * compat.h
 *		Every difference between server versions, and nothing else.
 */
#ifndef DPMETA_COMPAT_H
#define DPMETA_COMPAT_H

#include "postgres.h"

/*
 * Soft errors came with 16.  Before it, an input function raises.
 */
#if PG_VERSION_NUM < 160000
#define ereturn(context, value, ...) \
	do { \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
		return (value); \
	} while (0)
#else
#include "nodes/miscnodes.h"
#endif

/*
 * The regular expression engine takes its memory from malloc() before 16, and
 * from the current memory context since.
 */
#define REGEX_USES_MALLOC	(PG_VERSION_NUM < 160000)

#endif							/* DPMETA_COMPAT_H */
