-- every statement of docs/operations.md works: whether it failed, and how many rows it gave
\getenv build PG_ABS_BUILDDIR
\! awk '/^ *```sql/ {on = 1; next} /^ *```/ && on {on = 0; print "\\echo :ERROR :ROW_COUNT"; next} on' "$PG_ABS_SRCDIR/docs/operations.md" > "$PG_ABS_BUILDDIR/results/docs_operations_statements.sql"
SET client_min_messages = warning;
-- a store that holds nothing else; it comes back at the end
BEGIN;
TRUNCATE dpmeta.product CASCADE;
CREATE ROLE monitoring;
SELECT id FROM dpmeta.register_data_product('{"name": "docs_operations", "description": "", "domain": "HQ", "dataProductOwner": "o@example.org",
	"dataProductOwnerDisplayName": "O", "email": "o@example.org", "status": "draft", "retentionPeriod": 1, "dpiaRequired": false}', idempotent => true);
\set statements :build/results/docs_operations_statements.sql
\o /dev/null
\set ECHO none
\i :statements
ROLLBACK;
