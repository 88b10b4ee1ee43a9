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

/* Before 16, postgres.h includes what reads and makes a varlena. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/*
 * From 16 on one function tells the rights on objects of every kind.
 */
#if PG_VERSION_NUM >= 160000
#define pg_proc_aclcheck(function, role, mode) \
	object_aclcheck(ProcedureRelationId, function, role, mode)
#endif

/*
 * 18 has this word before a declaration, older ones have another behind it.
 */
#if PG_VERSION_NUM < 180000
#define pg_noreturn __attribute__((noreturn))
#endif

/*
 * 18 can count the searches of an index for EXPLAIN, and has primary keys with
 * a deferred check.  The headers come first, because these names become
 * macros.
 */
#if PG_VERSION_NUM >= 180000
#include "access/genam.h"
#include "utils/relcache.h"
#define RelationGetPrimaryKeyIndex(table) \
	RelationGetPrimaryKeyIndex(table, false)
#define index_beginscan(table, index, snapshot, nkeys, norderbys) \
	index_beginscan(table, index, snapshot, NULL, nkeys, norderbys)
#endif

/*
 * The regular expression engine takes its memory from malloc() before 16, and
 * from the current memory context since.
 */
#define REGEX_USES_MALLOC	(PG_VERSION_NUM < 160000)

#endif							/* DPMETA_COMPAT_H */
