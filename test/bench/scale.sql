/*
 * Products scale_FIRST to scale_LAST, as copies of the rows that the
 * extension's functions made for scale_0; only names, numbers and what is
 * searched for differ.  test/bench/scale checks the result through the
 * functions.  psql variables: first, last.
 */
BEGIN;
SET LOCAL synchronous_commit = off;
SET LOCAL work_mem = '256MB';

CREATE TEMPORARY TABLE model ON COMMIT DROP AS
	SELECT p.*, (SELECT max(product_id) FROM dpmeta.product) AS last_id,
		(SELECT max(table_schema_id) FROM dpmeta.table_schema) AS last_schema_id
	FROM dpmeta.product p WHERE name = 'scale_0';

/* Which of the model's schemas is the how-manieth. */
CREATE TEMPORARY TABLE model_schema ON COMMIT DROP AS
	SELECT s.*, row_number() OVER (ORDER BY s.table_schema_id) AS place,
		count(*) OVER () AS places
	FROM dpmeta.table_schema s JOIN model USING (product_id);

INSERT INTO dpmeta.product (product_id, name, current, trunk, registered_at,
		changed_at, domain, status, owner, tags, search)
	OVERRIDING SYSTEM VALUE
	SELECT m.last_id + i - :first + 1, 'scale_' || i, m.current, m.trunk,
		m.registered_at, m.changed_at, m.domain, m.status, m.owner, m.tags,
		m.search || setweight(to_tsvector('pg_catalog.english', 'restraint ' || i), 'B')
	FROM model m, generate_series(:first, :last) i;

INSERT INTO dpmeta.product_version (product_id, version, trunk, created_at,
		metadata, facts, document)
	SELECT m.last_id + i - :first + 1, v.version, v.trunk, v.created_at,
		jsonb_set(v.metadata, '{description}',
			to_jsonb(replace(v.metadata->>'description', 'restraint 0', 'restraint ' || i))),
		v.facts,
		replace(replace(v.document::text, 'scale_0', 'scale_' || i),
			'restraint 0', 'restraint ' || i)::json
	FROM model m JOIN dpmeta.product_version v USING (product_id),
		generate_series(:first, :last) i;

INSERT INTO dpmeta.table_schema (table_schema_id, product_id, definition, document)
	OVERRIDING SYSTEM VALUE
	SELECT m.last_schema_id + (i - :first) * s.places + s.place,
		m.last_id + i - :first + 1, s.definition, s.document
	FROM model m JOIN model_schema s USING (product_id),
		generate_series(:first, :last) i;

INSERT INTO dpmeta.table_range (product_id, table_name, branch, since, until,
		table_schema_id)
	SELECT m.last_id + i - :first + 1, r.table_name, r.branch, r.since, r.until,
		m.last_schema_id + (i - :first) * s.places + s.place
	FROM model m JOIN dpmeta.table_range r USING (product_id)
		JOIN model_schema s USING (table_schema_id),
		generate_series(:first, :last) i;

INSERT INTO dpmeta.search_entry (product_id, table_name, part, words)
	SELECT s.product_id, s.table_name, s.part, s.words
	FROM model m, generate_series(:first, :last) i,
		dpmeta.searchable(m.last_id + i - :first + 1) s;

INSERT INTO dpmeta.event (occurred_at, product_id, action, table_name,
		from_version, to_version, kind, actor, session_role, changes)
	SELECT e.occurred_at, m.last_id + i - :first + 1, e.action, e.table_name,
		e.from_version, e.to_version, e.kind, e.actor, e.session_role, e.changes
	FROM model m JOIN dpmeta.event e USING (product_id),
		generate_series(:first, :last) i
	ORDER BY i, e.event_id;

SELECT setval('dpmeta.product_product_id_seq', max(product_id)) FROM dpmeta.product \g /dev/null
SELECT setval('dpmeta.table_schema_table_schema_id_seq', max(table_schema_id))
	FROM dpmeta.table_schema \g /dev/null
COMMIT;
