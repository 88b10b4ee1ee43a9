/*
 * A range which says that a branch lacks a table was left open when the table was
 * registered there, so that the views lacked it in the versions after that.
 */

UPDATE dpmeta.table_range r SET until = n.next
FROM (
	SELECT b.product_id, b.table_name, b.branch, b.since,
		pg_catalog.lead(b.since) OVER (PARTITION BY b.product_id, b.table_name, b.branch
									   ORDER BY b.since) AS next
	FROM dpmeta.table_range b
	WHERE b.branch OPERATOR(pg_catalog.<>) 0
) n
WHERE n.product_id OPERATOR(pg_catalog.=) r.product_id
	AND n.table_name OPERATOR(pg_catalog.=) r.table_name
	AND n.branch OPERATOR(pg_catalog.=) r.branch
	AND n.since OPERATOR(dpmeta.=) r.since
	AND r.table_schema_id IS NULL
	AND (r.until IS NULL OR r.until OPERATOR(dpmeta.>) n.next) AND n.next IS NOT NULL;
