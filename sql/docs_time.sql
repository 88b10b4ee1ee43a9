-- query 5 of docs/sql.md, "how a data product stood at some time", over a life
-- with deletions and restorations
\getenv build PG_ABS_BUILDDIR
\setenv PICK '/^5\\. / {found = 1} found && /```sql/ {on = 1; next} on && /```/ {exit} on'
\setenv CHANGE 's/now()/:\'at\'::timestamptz/g; s/docs_use_of_force/docs_time/; s/SELECT v.version.*/SELECT v.version, v.kind/'
\! awk "$PICK" "$PG_ABS_SRCDIR/docs/sql.md" | sed "$CHANGE" > "$PG_ABS_BUILDDIR/results/docs_time_query.sql"
\set query :build/results/docs_time_query.sql
SET search_path = dpmeta, public;

\set ECHO none
\set QUIET on
SELECT clock_timestamp() AS before \gset
SELECT id FROM register_data_product('{"name":"docs_time","description":"d","domain":"HQ",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":false}') \gset
SELECT clock_timestamp() AS registered \gset
SELECT id FROM patch_data_product('dp:docs_time', '{"description":"e"}') \gset
SELECT clock_timestamp() AS patched \gset
SELECT id FROM delete_data_product('dp:docs_time:v1.1') \gset
SELECT clock_timestamp() AS one_deleted \gset
SELECT id FROM delete_data_product('dp:docs_time') \gset
SELECT clock_timestamp() AS all_deleted \gset
SELECT id FROM restore_data_product('dp:docs_time') \gset
SELECT clock_timestamp() AS restored \gset
SELECT id FROM restore_data_product('dp:docs_time:v1.1') \gset
SELECT clock_timestamp() AS all_restored \gset
\t on
\echo before it was registered
\set at :before
\i :query
\echo registered
\set at :registered
\i :query
\echo patched
\set at :patched
\i :query
\echo its newest version deleted
\set at :one_deleted
\i :query
\echo all of it deleted
\set at :all_deleted
\i :query
\echo restored, but for the version deleted before
\set at :restored
\i :query
\echo that restored, too
\set at :all_restored
\i :query
