/*
 * types/dpid.h
 *		A parsed "dp:" ID: a data product or a table of it, at any, at a
 *		major or at an exact version.
 */
#ifndef DPMETA_DPID_H
#define DPMETA_DPID_H

#include "postgres.h"
#include "fmgr.h"
#include "types/version.h"

/* The longest name of a data product or table, in bytes. */
#define DP_NAME_MAX		128

typedef enum DpIdForm
{
	DPID_LATEST,				/* no version: the newest live one */
	DPID_MAJOR,					/* v1: the newest live minor of a major */
	DPID_EXACT					/* v1.0: exactly that version */
} DpIdForm;

/*
 * The result of parsing.  Both names end with a NUL.  Without a table, it is
 * "".
 */
typedef struct DpIdParts
{
	DpIdForm	form;
	DpVersion	version;		/* DPID_MAJOR: minor is 0; DPID_LATEST: 0 */
	int			name_len;
	int			table_len;
	char		name[DP_NAME_MAX + 1];
	char		table[DP_NAME_MAX + 1];
} DpIdParts;

/*
 * The stored value is a varlena; everything but types/dpid.c takes it apart with
 * dpid_parts() and makes it with dpid_build().
 */
typedef struct varlena DpId;

#define DatumGetDpIdP(d)		((DpId *) PG_DETOAST_DATUM_PACKED(d))
#define PG_GETARG_DPID_P(n)		DatumGetDpIdP(PG_GETARG_DATUM(n))
#define PG_RETURN_DPID_P(p)		return PointerGetDatum(p)

/* Longest text form, with its NUL. */
#define DPID_BUFSIZE \
	(3 + DP_NAME_MAX + 1 + DPVERSION_BUFSIZE + 1 + DP_NAME_MAX + 1)

/* Is this a name ([a-z0-9_]{1,128}), and is it one that a table may have? */
extern bool dp_name_is_valid(const char *str, int len);
extern bool dp_table_name_is_valid(const char *str, int len);

/* Reads all len bytes of str; false if they are no dp: ID. */
extern bool dpid_parse(const char *str, int len, DpIdParts *parts);

extern void dpid_parts(const DpId *id, DpIdParts *parts);
extern DpId *dpid_build(const DpIdParts *parts);

/*
 * Writes the canonical text into buf (DPID_BUFSIZE bytes), with its NUL;
 * returns its length.
 */
extern int	dpid_format(const DpIdParts *parts, char *buf);

#endif							/* DPMETA_DPID_H */
