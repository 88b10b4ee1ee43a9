/*
 * store/installed.c
 *		Does the library know the SQL that the database has?
 *
 * Rows are read by the numbers of their columns, so the tables must be those that
 * the library was written for.  A new library meets old SQL until somebody runs
 * ALTER EXTENSION dpmeta UPDATE.  An old library meets new SQL in sessions that
 * loaded it before that.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/pg_extension.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/rel.h"
#include "utils/syscache.h"

#include "store/installed.h"

/* Versions of the SQL that it works with.  The last is the library's own. */
static const char *const known_versions[RELEASE_COUNT] = {
	[RELEASE_1_0] = "1.0",
	[RELEASE_1_1] = "1.1"
};

#define OWN_VERSION		known_versions[RELEASE_COUNT - 1]

/* It was looked up, and is this one of these. */
static bool is_known = false;
static Release release;

/*
 * Nothing tells of a change of pg_extension itself, but CREATE, ALTER and DROP
 * EXTENSION change functions with it.
 */
static void
forget(Datum arg, int cacheid, uint32 hashvalue)
{
	is_known = false;
}

static void
watch(void)
{
	static bool watched = false;

	if (watched)
		return;
	CacheRegisterSyscacheCallback(PROCOID, forget, (Datum) 0);
	CacheRegisterSyscacheCallback(NAMESPACEOID, forget, (Datum) 0);
	watched = true;
}

/* NULL if there is no such extension. */
static char *
read_version(void)
{
	Relation	table = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	char	   *version = NULL;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber, F_NAMEEQ,
				CStringGetDatum("dpmeta"));
	scan = systable_beginscan(table, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		bool		null;
		Datum		value = heap_getattr(tuple, Anum_pg_extension_extversion,
										 RelationGetDescr(table), &null);

		version = null ? NULL : TextDatumGetCString(value);
	}
	systable_endscan(scan);
	table_close(table, AccessShareLock);
	return version;
}

static bool
find_release(const char *version)
{
	for (release = 0; release < RELEASE_COUNT; release++)
		if (strcmp(version, known_versions[release]) == 0)
			return true;
	return false;
}

void
installed_check(void)
{
	char	   *version;

	if (is_known)
		return;
	watch();
	version = read_version();
	if (version == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the extension \"%s\" is not in this database", "dpmeta"),
				 errhint("Run CREATE EXTENSION dpmeta.")));
	if (!find_release(version))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the library of dpmeta %s does not know version %s of the extension",
						OWN_VERSION, version),
				 errdetail("It works with the versions from %s to %s.",
						   known_versions[0], OWN_VERSION),
				 errhint("If the library is the newer one, run ALTER EXTENSION dpmeta UPDATE. If not, install the library of %s and connect again.",
						 version)));
	pfree(version);
	is_known = true;
}

Release
installed_release(void)
{
	installed_check();
	return release;
}
