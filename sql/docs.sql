-- every statement of docs/sql.md works: whether it failed, and how many rows it gave
\getenv build PG_ABS_BUILDDIR
-- what only reads is asked by a reader
\! awk '/^## / {print /^## (Twenty-five|Search|Times past)/ ? "SET LOCAL ROLE dpmeta_test_analyst;" : "RESET ROLE;"} /^ *```sql/ {on = 1; next} /^ *```/ && on {on = 0; print "\\echo :ERROR :ROW_COUNT"; next} on' "$PG_ABS_SRCDIR/docs/sql.md" > "$PG_ABS_BUILDDIR/results/docs_statements.sql"
SET client_min_messages = warning;
-- a store that holds nothing else; it comes back at the end
BEGIN;
TRUNCATE dpmeta.product CASCADE;
CREATE ROLE dpmeta_test_analyst;
SELECT dpmeta.grant_reader('dpmeta_test_analyst');
\set statements :build/results/docs_statements.sql
\o /dev/null
\set ECHO none
\i :statements
ROLLBACK;
