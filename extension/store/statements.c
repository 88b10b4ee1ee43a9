/*
 * store/statements.c
 *		The SQL that the rules run, by name.
 *
 * Every name is qualified, and the functions that come here pin search_path,
 * so that the operators are the ones meant.
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/inval.h"
#include "utils/syscache.h"

#include "store/kept_plan.h"
#include "store/search.h"
#include "store/statements.h"


/* "deleted_at" says when a version was deleted, "condition" narrows down. */
#define VERSIONS_LIST(deleted_at, condition) \
	"SELECT v.version, v.created_at, d.deleted_at, e.kind, e.actor," \
	" e.changes, e.from_version" \
	" FROM dpmeta.product_version v CROSS JOIN LATERAL" \
	" (SELECT " deleted_at " AS deleted_at) d CROSS JOIN LATERAL" \
	" (SELECT e.kind, e.actor, e.changes, e.from_version" \
	" FROM dpmeta.event e" \
	" WHERE e.product_id = v.product_id AND e.to_version = v.version" \
	" AND e.kind IN ('initial', 'minor', 'major') OFFSET 0) e" \
	" WHERE v.product_id = $1 AND v.version >= $2 AND v.version <= $3" \
	" AND ($4 OR d.deleted_at IS NULL)" condition \
	" ORDER BY v.version DESC LIMIT $5"

/* What is as it was is not written again. */
#define SEARCH_REPLACES \
	" ON CONFLICT (product_id, table_name, part)" \
	" DO UPDATE SET words = excluded.words" \
	" WHERE search_entry.words IS DISTINCT FROM excluded.words"

/* What is sent of a consumer. */
#define CONSUMER(product, consumer) \
	"dpmeta.consumer_document(" product ", " consumer ")::text AS document," \
	" dpmeta.content_etag(dpmeta.consumer_document(" product ", " consumer "))" \
	" AS etag"

typedef struct StatementSpec
{
	const char *sql;
	int			nargs;
	Oid			argtypes[VALUES_MAX];
} StatementSpec;

static const StatementSpec specs[STMT_COUNT] = {
	[STMT_PRODUCT_LOCK] = {
		"SELECT FROM dpmeta.product WHERE name = $1 FOR NO KEY UPDATE",
		1, {TEXTOID}
	},
	/* name, metadata, version, time, retired_at */
	[STMT_PRODUCT_INSERT] = {
		"INSERT INTO dpmeta.product (name, current, trunk, registered_at,"
		" changed_at, retired_at, domain, status, owner, tags, search)"
		" VALUES ($1, $3, $3, $4, $4, $5, $2->>'domain', $2->>'status',"
		" $2->>'dataProductOwner', $2->'tags', " SEARCH_VECTOR("$1", "$2") ")"
		" ON CONFLICT (name) DO NOTHING RETURNING product_id",
		5, {TEXTOID, JSONBOID, OWN_TYPE, TIMESTAMPTZOID, TIMESTAMPTZOID}
	},

	/*
	 * name, metadata, product_id, current, head, registered_at, changed_at,
	 * retired_at
	 */
	[STMT_PRODUCT_UPDATE] = {
		"UPDATE dpmeta.product SET current = $4, trunk = $5,"
		" registered_at = $6, changed_at = $7, deleted_at = NULL,"
		" sunset = CASE WHEN registered_at = $6 THEN sunset END,"
		" retired_at = $8, domain = $2->>'domain', status = $2->>'status',"
		" owner = $2->>'dataProductOwner', tags = $2->'tags',"
		" search = " SEARCH_VECTOR("$1", "$2")
		" WHERE product_id = $3",
		8, {TEXTOID, JSONBOID, INT8OID, OWN_TYPE, OWN_TYPE,
		TIMESTAMPTZOID, TIMESTAMPTZOID, TIMESTAMPTZOID}
	},
	/* product_id, current, head, changed_at, sunset */
	[STMT_PRODUCT_TOUCH] = {
		"UPDATE dpmeta.product SET current = $2, trunk = $3, changed_at = $4,"
		" sunset = $5 WHERE product_id = $1",
		5, {INT8OID, OWN_TYPE, OWN_TYPE, TIMESTAMPTZOID, DATEOID}
	},
	/* product_id, deleted_at; the rest stays, for a restoration */
	[STMT_PRODUCT_EMPTY] = {
		"UPDATE dpmeta.product SET current = NULL, changed_at = $2,"
		" deleted_at = $2 WHERE product_id = $1",
		2, {INT8OID, TIMESTAMPTZOID}
	},
	/* product_id, deleted_at: leaves the row, for its numbering */
	[STMT_PRODUCT_PURGE] = {
		"WITH keys AS (DELETE FROM dpmeta.idempotency_key WHERE product_id = $1"
		"), events AS (DELETE FROM dpmeta.event WHERE product_id = $1"
		"), ranges AS (DELETE FROM dpmeta.table_range WHERE product_id = $1"
		"), schemas AS (DELETE FROM dpmeta.table_schema WHERE product_id = $1"
		"), versions AS (DELETE FROM dpmeta.product_version"
		" WHERE product_id = $1 RETURNING version"
		") UPDATE dpmeta.product SET current = NULL, changed_at = $2,"
		" deleted_at = $2, retired_at = NULL, sunset = NULL, domain = '',"
		" status = '', owner = '', tags = '{}', search = ''"
		" WHERE product_id = $1 RETURNING"
		" (SELECT count(*) FROM versions) AS version_count",
		2, {INT8OID, TIMESTAMPTZOID}
	},

	/*
	 * product_id, version, where it leaves the trunk, created_at, metadata,
	 * facts, document
	 */
	[STMT_VERSION_INSERT] = {
		"INSERT INTO dpmeta.product_version (product_id, version, trunk,"
		" created_at, metadata, facts, document)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7::json)",
		7, {INT8OID, OWN_TYPE, OWN_TYPE, TIMESTAMPTZOID, JSONBOID,
		JSONBOID, TEXTOID}
	},
	/* product_id, version, facts, document */
	[STMT_VERSION_REPORT] = {
		"UPDATE dpmeta.product_version SET facts = $3, document = $4::json,"
		" facts_revision = facts_revision + 1"
		" WHERE product_id = $1 AND version = $2",
		4, {INT8OID, OWN_TYPE, JSONBOID, TEXTOID}
	},
	/* product_id, from version, to version, deleted_at (NULL: live ones) */
	[STMT_VERSIONS_MARKED] = {
		"SELECT version FROM dpmeta.product_version WHERE product_id = $1"
		" AND version >= $2 AND version <= $3"
		" AND deleted_at IS NOT DISTINCT FROM $4 ORDER BY version DESC",
		4, {INT8OID, OWN_TYPE, OWN_TYPE, TIMESTAMPTZOID}
	},
	/* the same, and what deleted_at becomes */
	[STMT_VERSIONS_MARK] = {
		"UPDATE dpmeta.product_version SET deleted_at = $5"
		" WHERE product_id = $1 AND version >= $2 AND version <= $3"
		" AND deleted_at IS NOT DISTINCT FROM $4",
		5, {INT8OID, OWN_TYPE, OWN_TYPE, TIMESTAMPTZOID, TIMESTAMPTZOID}
	},

	/*
	 * product_id, from version, to version, deleted ones too, at most. OFFSET
	 * 0 has the event of each version looked up by both, which a join need
	 * not do.
	 */
	[STMT_VERSIONS_LIST] = {
		VERSIONS_LIST("v.deleted_at", ""),
		5, {INT8OID, OWN_TYPE, OWN_TYPE, BOOLOID, INT8OID}
	},
	/* the same, and the time as of which */
	[STMT_VERSIONS_LIST_PAST] = {
		VERSIONS_LIST("CASE WHEN v.deleted_at <= $6 THEN v.deleted_at ELSE"
					  " (SELECT u.deleted_at FROM dpmeta.undone_deletion u"
					  " WHERE u.product_id = v.product_id AND u.version = v.version"
					  " AND u.deleted_at <= $6 AND u.restored_at > $6) END",
					  " AND v.created_at <= $6"),
		6, {INT8OID, OWN_TYPE, OWN_TYPE, BOOLOID, INT8OID, TIMESTAMPTZOID}
	},
	/* product_id, version, where it leaves the trunk, head */
	[STMT_TABLES_READ] = {
		"SELECT t.table_name, s.definition"
		" FROM dpmeta.version_tables($1, $2, $3, $4) t"
		" JOIN dpmeta.table_schema s USING (table_schema_id)"
		" ORDER BY t.table_name COLLATE \"C\"",
		4, {INT8OID, OWN_TYPE, OWN_TYPE, OWN_TYPE}
	},

	/*
	 * product_id, head, old version, where it leaves the trunk, new version,
	 * where that does
	 */
	[STMT_TABLES_COMPARE] = {
		"SELECT coalesce(o.table_name, n.table_name) AS table_name,"
		" os.definition AS old_definition, ns.definition AS new_definition"
		" FROM dpmeta.version_tables($1, $3, $4, $2) o"
		" FULL JOIN dpmeta.version_tables($1, $5, $6, $2) n"
		" ON n.table_name = o.table_name"
		" LEFT JOIN dpmeta.table_schema os"
		" ON os.table_schema_id = o.table_schema_id"
		" LEFT JOIN dpmeta.table_schema ns"
		" ON ns.table_schema_id = n.table_schema_id"
		" WHERE o.table_schema_id IS DISTINCT FROM n.table_schema_id"
		" ORDER BY coalesce(o.table_name, n.table_name) COLLATE \"C\"",
		6, {INT8OID, OWN_TYPE, OWN_TYPE, OWN_TYPE, OWN_TYPE, OWN_TYPE}
	},
	/* product_id, old version, new version */
	[STMT_RENAMES_READ] = {
		"SELECT e.to_version, c.value->>'table' AS table_name,"
		" c.value->>'from' AS old_name, c.value->>'to' AS new_name"
		" FROM dpmeta.event e CROSS JOIN LATERAL"
		" pg_catalog.jsonb_array_elements(e.changes) WITH ORDINALITY c"
		" WHERE e.product_id = $1 AND e.to_version > $2 AND e.to_version <= $3"
		" AND e.kind IN ('initial', 'minor', 'major')"
		" AND c.value->>'change' = 'column-renamed'"
		" ORDER BY e.to_version, c.ordinality",
		3, {INT8OID, OWN_TYPE, OWN_TYPE}
	},
	/* product_id, definition, document */
	[STMT_SCHEMA_INSERT] = {
		"INSERT INTO dpmeta.table_schema (product_id, definition, document)"
		" VALUES ($1, $2, $3::json) RETURNING table_schema_id",
		3, {INT8OID, JSONBOID, TEXTOID}
	},
	/* product_id, table, branch, version */
	[STMT_RANGE_CLOSE] = {
		"UPDATE dpmeta.table_range SET until = $4 WHERE product_id = $1"
		" AND table_name = $2 AND branch = $3 AND until IS NULL",
		4, {INT8OID, TEXTOID, INT4OID, OWN_TYPE}
	},
	/* product_id, table, branch, version, table_schema_id */
	[STMT_RANGE_OPEN] = {
		"INSERT INTO dpmeta.table_range (product_id, table_name, branch,"
		" since, table_schema_id) VALUES ($1, $2, $3, $4, $5)",
		5, {INT8OID, TEXTOID, INT4OID, OWN_TYPE, INT8OID}
	},
	/* product_id, version */
	[STMT_RANGES_CLOSE_ALL] = {
		"UPDATE dpmeta.table_range SET until = $2 WHERE product_id = $1"
		" AND branch = 0 AND until IS NULL",
		2, {INT8OID, OWN_TYPE}
	},

	/*
	 * Makes the open ranges of a line (the trunk, branch 0, or a branch) say
	 * what the base version holds, but for the changed tables, from the new
	 * version on.  "below" is what a branch falls back to.
	 *
	 * product_id, head, base, where it leaves the trunk, branch, where that
	 * does, new version, changed tables, their revisions (NULL: removed)
	 */
	[STMT_RANGES_RECONCILE] = {
		"WITH target AS ("
		" SELECT t.table_name, t.table_schema_id"
		" FROM dpmeta.version_tables($1, $3, $4, $2) t"
		" WHERE t.table_name <> ALL ($8)"
		" UNION ALL"
		" SELECT c.name, c.id FROM unnest($8, $9) c (name, id)"
		" WHERE c.id IS NOT NULL"
		"), below AS ("
		" SELECT b.table_name, b.table_schema_id"
		" FROM dpmeta.version_tables($1, $6, $6, $2) b WHERE $5 <> 0"
		"), desired AS ("
		" SELECT coalesce(t.table_name, b.table_name) AS table_name,"
		" t.table_schema_id"
		" FROM target t FULL JOIN below b ON b.table_name = t.table_name"
		" WHERE t.table_schema_id IS DISTINCT FROM b.table_schema_id"
		"), standing AS ("
		" SELECT r.table_name, r.table_schema_id FROM dpmeta.table_range r"
		" WHERE r.product_id = $1 AND r.branch = $5 AND r.until IS NULL"
		"), closed AS ("
		" UPDATE dpmeta.table_range r SET until = $7"
		" WHERE r.product_id = $1 AND r.branch = $5 AND r.until IS NULL"
		" AND NOT EXISTS (SELECT FROM desired d"
		" WHERE d.table_name = r.table_name"
		" AND d.table_schema_id IS NOT DISTINCT FROM r.table_schema_id)"
		") INSERT INTO dpmeta.table_range"
		" (product_id, table_name, branch, since, table_schema_id)"
		" SELECT $1, d.table_name, $5, $7, d.table_schema_id FROM desired d"
		" WHERE NOT EXISTS (SELECT FROM standing s"
		" WHERE s.table_name = d.table_name"
		" AND s.table_schema_id IS NOT DISTINCT FROM d.table_schema_id)",
		9, {INT8OID, OWN_TYPE, OWN_TYPE, OWN_TYPE, INT4OID, OWN_TYPE,
		OWN_TYPE, TEXTARRAYOID, INT8ARRAYOID}
	},

	/* name, type */
	[STMT_KIND_INSERT] = {
		"INSERT INTO dpmeta.column_kind (name, type) VALUES ($1, $2)",
		2, {TEXTOID, TEXTOID}
	},
	/* product_id, name, metadata */
	[STMT_SEARCH_PRODUCT] = {
		"INSERT INTO dpmeta.search_entry (product_id, table_name, part, words)"
		" VALUES ($1, '', 0, dpmeta.search_words($2, $3))"
		SEARCH_REPLACES,
		3, {INT8OID, TEXTOID, JSONBOID}
	},

	/* product_id, table, part, words */
	[STMT_SEARCH_PART] = {
		"INSERT INTO dpmeta.search_entry (product_id, table_name, part, words)"
		" VALUES ($1, $2, $3, $4)" SEARCH_REPLACES,
		4, {INT8OID, TEXTOID, INT4OID, TSVECTOROID}
	},
	/* product_id, table, from which part on */
	[STMT_SEARCH_FORGET] = {
		"DELETE FROM dpmeta.search_entry"
		" WHERE product_id = $1 AND table_name = $2 AND part >= $3",
		3, {INT8OID, TEXTOID, INT4OID}
	},
	/* product_id */
	[STMT_SEARCH_PURGE] = {
		"DELETE FROM dpmeta.search_entry WHERE product_id = $1",
		1, {INT8OID}
	},
	/* product_id */
	[STMT_SEARCH_RENEW] = {
		"WITH wanted AS MATERIALIZED (SELECT s.table_name, s.part, s.words"
		" FROM dpmeta.searchable($1) s"
		"), gone AS (DELETE FROM dpmeta.search_entry e WHERE e.product_id = $1"
		" AND (e.table_name, e.part) NOT IN"
		" (SELECT w.table_name, w.part FROM wanted w)"
		") INSERT INTO dpmeta.search_entry (product_id, table_name, part, words)"
		" SELECT $1, w.table_name, w.part, w.words FROM wanted w"
		SEARCH_REPLACES,
		1, {INT8OID}
	},

	/*
	 * product_id, valid_from, current, is_new, registered_at, retired_at,
	 * sunset
	 */
	[STMT_STATE_INSERT] = {
		"INSERT INTO dpmeta.product_state (product_id, valid_from, current,"
		" is_new, registered_at, retired_at, sunset)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7)",
		7, {INT8OID, TIMESTAMPTZOID, OWN_TYPE, BOOLOID, TIMESTAMPTZOID,
		TIMESTAMPTZOID, DATEOID}
	},
	/* product_id, from version, to version, deleted_at, restored_at */
	[STMT_UNDONE_INSERT] = {
		"INSERT INTO dpmeta.undone_deletion (product_id, version, deleted_at,"
		" restored_at) SELECT product_id, version, deleted_at, $5"
		" FROM dpmeta.product_version WHERE product_id = $1"
		" AND version >= $2 AND version <= $3 AND deleted_at = $4",
		5, {INT8OID, OWN_TYPE, OWN_TYPE, TIMESTAMPTZOID, TIMESTAMPTZOID}
	},
	/* product_id, version, valid_until, facts_revision, facts */
	[STMT_FACTS_INSERT] = {
		"INSERT INTO dpmeta.past_facts (product_id, version, valid_until,"
		" facts_revision, facts) VALUES ($1, $2, $3, $4, $5)",
		5, {INT8OID, OWN_TYPE, TIMESTAMPTZOID, INT4OID, JSONBOID}
	},
	/* product_id */
	[STMT_PAST_PURGE] = {
		"WITH states AS (DELETE FROM dpmeta.product_state WHERE product_id = $1"
		"), undone AS (DELETE FROM dpmeta.undone_deletion WHERE product_id = $1"
		") DELETE FROM dpmeta.past_facts WHERE product_id = $1",
		1, {INT8OID}
	},

	/* product_id, name, name of the product */
	[STMT_CONSUMER_READ] = {
		"SELECT " CONSUMER("$3", "c") " FROM dpmeta.consumer c"
		" WHERE c.product_id = $1 AND c.name = $2",
		3, {INT8OID, TEXTOID, TEXTOID}
	},

	/*
	 * product_id, name, contact, major, minor, tables, time, by whom, name of
	 * the product
	 */
	[STMT_CONSUMER_WRITE] = {
		"INSERT INTO dpmeta.consumer AS c (product_id, name, contact, major,"
		" minor, tables, registered_at, changed_at, registered_by)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)"
		" ON CONFLICT (product_id, name) DO UPDATE SET contact = excluded.contact,"
		" major = excluded.major, minor = excluded.minor, tables = excluded.tables,"
		" changed_at = excluded.changed_at, registered_by = excluded.registered_by"
		" RETURNING " CONSUMER("$9", "c"),
		9, {INT8OID, TEXTOID, TEXTOID, INT4OID, INT4OID, TEXTARRAYOID,
		TIMESTAMPTZOID, TEXTOID, TEXTOID}
	},
	/* the same, but that nothing is written */
	[STMT_CONSUMER_SHOW] = {
		"SELECT " CONSUMER("$9", "c") " FROM (SELECT ROW($1, $2, $3, $4, $5, $6,"
		" coalesce((SELECT o.registered_at FROM dpmeta.consumer o"
		" WHERE o.product_id = $1 AND o.name = $2), $7), $7, $8)::dpmeta.consumer"
		" OFFSET 0) n(c)",
		9, {INT8OID, TEXTOID, TEXTOID, INT4OID, INT4OID, TEXTARRAYOID,
		TIMESTAMPTZOID, TEXTOID, TEXTOID}
	},
	[STMT_CONSUMER_DELETE] = {
		"DELETE FROM dpmeta.consumer WHERE product_id = $1 AND name = $2",
		2, {INT8OID, TEXTOID}
	},

	/*
	 * product_id, the base or NULL, the version that was made, changes: who
	 * reads the major that the write started from, and a table that it breaks
	 */
	[STMT_CONSUMERS_BROKEN] = {
		"SELECT jsonb_agg(dpmeta.consumer_summary(c.name, c.contact, c.major,"
		" c.minor, c.tables) ORDER BY c.name) AS consumers"
		" FROM dpmeta.consumer c WHERE c.product_id = $1"
		" AND c.major = dpmeta.major(coalesce($2, (SELECT e.from_version"
		" FROM dpmeta.event e WHERE e.product_id = $1 AND e.to_version = $3"
		" AND e.kind = 'major')))"
		" AND (c.tables IS NULL OR c.tables && ARRAY(SELECT x.value->>'table'"
		" FROM jsonb_array_elements($4) x WHERE x.value->>'kind' = 'major'))",
		4, {INT8OID, OWN_TYPE, OWN_TYPE, JSONBOID}
	},

	/* product_id, first, last: who gets one of the live versions there */
	[STMT_CONSUMERS_DELETED] = {
		"SELECT jsonb_agg(dpmeta.consumer_summary(c.name, c.contact, c.major,"
		" c.minor, c.tables) ORDER BY c.name) AS consumers"
		" FROM dpmeta.consumer c CROSS JOIN LATERAL"
		" (SELECT v.version FROM dpmeta.product_version v"
		" WHERE v.product_id = c.product_id AND v.deleted_at IS NULL"
		" AND v.version >= dpmeta.dpversion(c.major, coalesce(c.minor, 0))"
		" AND v.version <= dpmeta.dpversion(c.major, coalesce(c.minor, 2147483647))"
		" ORDER BY v.version DESC LIMIT 1) r"
		" WHERE c.product_id = $1 AND r.version >= $2 AND r.version <= $3",
		3, {INT8OID, OWN_TYPE, OWN_TYPE}
	},
	[STMT_CONSUMERS_PURGE] = {
		"DELETE FROM dpmeta.consumer WHERE product_id = $1",
		1, {INT8OID}
	},

	/*
	 * occurred_at, product_id, action, table, from, to, kind, actor, changes
	 */
	[STMT_EVENT_INSERT] = {
		"INSERT INTO dpmeta.event (occurred_at, product_id, action,"
		" table_name, from_version, to_version, kind, actor, changes)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		9, {TIMESTAMPTZOID, INT8OID, TEXTOID, TEXTOID, OWN_TYPE, OWN_TYPE,
		TEXTOID, TEXTOID, JSONBOID}
	},

	/*
	 * digest, not before.  The time is no condition, because the planner
	 * might use the index on created_at for it, and read every key that is
	 * still in time.
	 */
	[STMT_KEY_READ] = {
		"SELECT created_at > $2 AS is_in_time, request, version, kind, changes"
		" FROM dpmeta.idempotency_key WHERE digest = $1",
		2, {BYTEAOID, TIMESTAMPTZOID}
	},

	/*
	 * An automatic key is rewritten when its replay was no longer true, a
	 * caller's own only when it is past its time.
	 *
	 * digest, request, automatic, created_at, product_id, version, table,
	 * kind, changes, not before
	 */
	[STMT_KEY_WRITE] = {
		"INSERT INTO dpmeta.idempotency_key AS k (digest, request, automatic,"
		" created_at, product_id, version, table_name, kind, changes)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
		" ON CONFLICT (digest) DO UPDATE SET request = excluded.request,"
		" created_at = excluded.created_at, product_id = excluded.product_id,"
		" version = excluded.version, table_name = excluded.table_name,"
		" kind = excluded.kind, changes = excluded.changes"
		" WHERE k.automatic OR k.created_at <= $10",
		10, {BYTEAOID, BYTEAOID, BOOLOID, TIMESTAMPTZOID, INT8OID, OWN_TYPE,
		TEXTOID, TEXTOID, JSONBOID, TIMESTAMPTZOID}
	},
	/* not before, at most */
	[STMT_KEYS_EXPIRE] = {
		"DELETE FROM dpmeta.idempotency_key WHERE digest IN (SELECT digest"
		" FROM dpmeta.idempotency_key WHERE created_at <= $1"
		" ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
		2, {TIMESTAMPTZOID, INT8OID}
	},
	[STMT_MODEL_READ] = {
		"SELECT schema FROM dpmeta.model WHERE name = $1",
		1, {TEXTOID}
	},
	[STMT_ODCS_READ] = {
		"SELECT contract, warnings FROM dpmeta.read_odcs($1)",
		1, {JSONBOID}
	},
	[STMT_DOMAIN_USED] = {
		/* what was purged has none */
		"SELECT 1 FROM dpmeta.product WHERE domain = $1 AND domain <> '' LIMIT 1",
		1, {TEXTOID}
	},
};

static KeptPlan plans[STMT_COUNT];
static Oid	dpversion_oid = InvalidOid;

/*
 * The schema was dropped or created.  DROP and CREATE EXTENSION give the types
 * new OIDs, so the type is to be looked up again, and older plans are freed then.
 */
static void
forget_type(Datum arg, int cacheid, uint32 hashvalue)
{
	dpversion_oid = InvalidOid;
}

static Oid
look_up_dpversion(void)
{
	Oid			namespace = get_namespace_oid("dpmeta", false);

	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
						   PointerGetDatum("dpversion"),
						   ObjectIdGetDatum(namespace));
}

/* The OID of type dpmeta.dpversion. */
static Oid
dpversion_type_oid(void)
{
	static bool registered = false;

	if (!registered)
	{
		CacheRegisterSyscacheCallback(NAMESPACEOID, forget_type, (Datum) 0);
		registered = true;
	}
	if (!OidIsValid(dpversion_oid))
	{
		Oid			found = look_up_dpversion();

		for (int i = 0; i < STMT_COUNT; i++)
			kept_plan_forget(&plans[i]);
		dpversion_oid = found;
	}
	return dpversion_oid;
}

static KeptPlan *
prepare_statement(Statement stmt)
{
	const StatementSpec *spec = &specs[stmt];
	Oid			dpversion;
	Oid			argtypes[VALUES_MAX];

	if (kept_plan_is_ready(&plans[stmt]) && OidIsValid(dpversion_oid))
		return &plans[stmt];
	dpversion = dpversion_type_oid();
	for (int i = 0; i < spec->nargs; i++)
		argtypes[i] = spec->argtypes[i] == OWN_TYPE ? dpversion : spec->argtypes[i];

	/*
	 * One plan for all values.  Otherwise the planner would plan some at each
	 * call.
	 */
	kept_plan_prepare(&plans[stmt], spec->sql, spec->nargs, argtypes,
					  CURSOR_OPT_GENERIC_PLAN);
	return &plans[stmt];
}

static void
check_arguments(Statement stmt, Values *arguments)
{
	const StatementSpec *spec = &specs[stmt];
	bool		fit = arguments->count == spec->nargs;

	for (int i = 0; fit && i < spec->nargs; i++)
		fit = arguments->types[i] == spec->argtypes[i];
	if (!fit)
		elog(ERROR, "the arguments of statement %d do not fit it", (int) stmt);
}

uint64
statement_run(Statement stmt, Values *arguments, bool read_only)
{
	/* Every statement finds its rows by key. */
	static const char *const without[] = {
		"enable_seqscan", "enable_hashjoin", "enable_mergejoin", NULL
	};
	int			rc;

	check_arguments(stmt, arguments);
	rc = kept_plan_execute(prepare_statement(stmt), without, arguments,
						   read_only, 0);
	if (rc < 0)
		elog(ERROR, "could not run statement %d: %s",
			 (int) stmt, SPI_result_code_string(rc));
	return SPI_processed;
}
