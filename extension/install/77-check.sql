/*
 * Whether the store keeps what its functions promise each other: for a DBA, every
 * night.  Each function here looks at one part of the store, and each arm of it is
 * one invariant: its name, what it means, how many places break it, and one of them.
 *
 * All is done by joins of whole tables, and nothing that a row may hold ends it with
 * an error.  Bodies are text, not parsed, because they
 * sort by our types: pg_upgrade makes functions before operator classes.
 */

/*
 * The version that a product's row copies: the current one or, of a deleted one,
 * the newest of those that went last.
 */
CREATE VIEW dpmeta.product_source AS
	SELECT p.product_id, p.name, p.current AS version
	FROM dpmeta.product p
	WHERE p.current IS NOT NULL
	UNION ALL
	SELECT p.product_id, p.name, dpmeta.max(v.version)
	FROM dpmeta.product p
	JOIN dpmeta.product_version v
		ON v.product_id = p.product_id AND v.deleted_at = p.deleted_at
	WHERE p.current IS NULL
	GROUP BY p.product_id;
COMMENT ON VIEW dpmeta.product_source IS
	'private: the version that a data product''s row has copies of';
COMMENT ON COLUMN dpmeta.product_source.product_id IS 'data product';
COMMENT ON COLUMN dpmeta.product_source.name IS 'its name';
COMMENT ON COLUMN dpmeta.product_source.version IS
	'its current version or, of a deleted one, the newest of those that went last';

CREATE FUNCTION dpmeta.check_products()
	RETURNS TABLE (name text, meaning text, violations bigint, example text)
	LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 6
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	WITH line AS (
		SELECT v.product_id,
			max(v.version) FILTER (WHERE v.deleted_at IS NULL) AS live,
			max(v.version) FILTER (WHERE v.trunk = v.version) AS trunk,
			max(v.deleted_at) AS deleted_at
		FROM dpmeta.product_version v
		GROUP BY v.product_id
	), found AS MATERIALIZED (
		SELECT p.name, p.current, p.trunk, p.deleted_at, p.retired_at, p.status,
			l.product_id IS NOT NULL AS has_version,
			l.live, l.trunk AS last_trunk, l.deleted_at AS last_deleted_at
		FROM dpmeta.product p
		LEFT JOIN line l ON l.product_id = p.product_id
	)
	SELECT 'product has a version', 'A data product has versions, unless it was purged.',
		count(*), min(f.name)
	FROM found f
	WHERE NOT f.has_version AND (f.current IS NOT NULL OR f.status <> '')
	UNION ALL
	SELECT 'current version', 'A data product''s current version is its newest live one.',
		count(*), min(f.name)
	FROM found f
	WHERE f.current IS DISTINCT FROM f.live
	UNION ALL
	SELECT 'last number', 'A data product remembers the last number on its trunk, from which the next one is counted.',
		count(*), min(f.name)
	FROM found f
	WHERE f.has_version AND f.trunk IS DISTINCT FROM f.last_trunk
	UNION ALL
	SELECT 'deletion', 'A data product without a live version, and no other, has the time at which it lost the last one.',
		count(*), min(f.name)
	FROM found f
	WHERE (f.current IS NULL) <> (f.deleted_at IS NOT NULL)
		OR f.current IS NULL AND f.has_version AND f.deleted_at <> f.last_deleted_at
	UNION ALL
	SELECT 'registration', 'A data product has the time at which its name was registered last.',
		count(*), min(p.name)
	FROM dpmeta.product p
	JOIN (
		SELECT e.product_id, max(e.occurred_at) AS occurred_at
		FROM dpmeta.event e
		WHERE e.kind = 'initial'
		GROUP BY e.product_id
	) e ON e.product_id = p.product_id
	WHERE p.registered_at <> e.occurred_at
	UNION ALL
	SELECT 'retirement', 'A data product whose status is retired, and no other, has the time since when it is.',
		count(*), min(f.name)
	FROM found f
	WHERE (f.status = 'retired') <> (f.retired_at IS NOT NULL)
$$;
COMMENT ON FUNCTION dpmeta.check_products() IS 'private: what check() says of data products';

CREATE FUNCTION dpmeta.check_versions()
	RETURNS TABLE (name text, meaning text, violations bigint, example text)
	LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 6
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	WITH major AS MATERIALIZED (
		SELECT v.product_id, dpmeta.major(v.version) AS major, count(*) AS minors,
			max(dpmeta.minor(v.version))::bigint AS last
		FROM dpmeta.product_version v
		GROUP BY v.product_id, dpmeta.major(v.version)
	), majors AS (
		SELECT m.product_id, count(*) AS majors, min(m.major)::bigint AS first,
			max(m.major)::bigint AS last
		FROM major m
		GROUP BY m.product_id
	)
	SELECT 'minor numbers', 'The minor versions of a major are numbered from 0, without a gap.',
		count(*), min(concat('dp:', p.name, ':v', m.major))
	FROM major m
	JOIN dpmeta.product p ON p.product_id = m.product_id
	WHERE m.minors <> m.last + 1
	UNION ALL
	SELECT 'major numbers', 'The majors of a data product are numbered without a gap; a purge may have taken the first ones.',
		count(*), min(p.name)
	FROM majors m
	JOIN dpmeta.product p ON p.product_id = m.product_id
	WHERE m.majors <> m.last - m.first + 1
	UNION ALL
	SELECT 'branches', 'A version that is not on the trunk comes after a trunk version of its own, older major.',
		count(*), min(concat('dp:', p.name, ':', v.version))
	FROM dpmeta.product_version v
	JOIN dpmeta.product p ON p.product_id = v.product_id
	LEFT JOIN dpmeta.product_version t
		ON t.product_id = v.product_id AND t.version = v.trunk AND t.trunk = t.version
	WHERE v.trunk <> v.version
		AND (t.version IS NULL OR t.version > v.version
			 OR dpmeta.major(t.version) <> dpmeta.major(v.version)
			 OR dpmeta.major(v.version) >= dpmeta.major(p.trunk))
	UNION ALL
	SELECT 'creation times', 'A version is made later than the versions of its major before it, and one on the trunk later than all before it there.',
		count(*), min(concat('dp:', p.name, ':', v.version))
	FROM (
		SELECT v.product_id, v.version, v.created_at,
			lag(v.created_at) OVER (
				PARTITION BY v.product_id,
					CASE WHEN v.trunk = v.version THEN 0 ELSE dpmeta.major(v.version) END
				ORDER BY v.version) AS before
		FROM dpmeta.product_version v
		UNION ALL
		-- where a branch leaves the trunk
		SELECT v.product_id, v.version, v.created_at, t.created_at
		FROM dpmeta.product_version v
		JOIN dpmeta.product_version t
			ON t.product_id = v.product_id AND t.version = v.trunk
		WHERE v.trunk <> v.version
	) v
	JOIN dpmeta.product p ON p.product_id = v.product_id
	WHERE v.created_at <= v.before
	UNION ALL
	SELECT 'documents of versions', 'The document of a version, which is sent as it is, says what its columns say.',
		count(*), min(concat('dp:', p.name, ':', v.version))
	FROM dpmeta.product_version v
	JOIN dpmeta.product p ON p.product_id = v.product_id
	WHERE CASE WHEN json_typeof(v.document) = 'object' AND jsonb_typeof(v.facts) = 'object'
			AND jsonb_typeof(v.metadata->'tags') = 'object'
		THEN jsonb_strip_nulls(v.document::jsonb - 'creationDate') IS DISTINCT FROM
			jsonb_strip_nulls(v.metadata || v.facts || jsonb_build_object(
				'id', concat('dp:', p.name, ':', v.version), 'name', p.name, 'version', v.version::text))
		ELSE true END
	UNION ALL
	SELECT 'creation dates', 'The document of a version says when the name of its data product had been registered.',
		count(*), min(concat('dp:', p.name, ':', v.version))
	FROM (
		SELECT e.product_id, e.occurred_at, e.to_version AS version,
			lead(e.to_version) OVER (PARTITION BY e.product_id ORDER BY e.to_version) AS next
		FROM dpmeta.event e
		WHERE e.kind = 'initial'
	) r
	JOIN dpmeta.product_version v ON v.product_id = r.product_id
		AND v.version >= r.version AND (v.version < r.next OR r.next IS NULL)
	JOIN dpmeta.product p ON p.product_id = v.product_id
	WHERE v.document->>'creationDate' IS DISTINCT FROM dpmeta.rfc3339(r.occurred_at)
$$;
COMMENT ON FUNCTION dpmeta.check_versions() IS 'private: what check() says of versions';

/* Its expression is that of the writes, which is in C; it has a notice for long words. */
CREATE FUNCTION dpmeta.check_search(OUT name text, OUT meaning text,
		OUT violations bigint, OUT example text)
	AS 'MODULE_PATHNAME', 'dpmeta_check_search' LANGUAGE C
	STABLE PARALLEL RESTRICTED COST 1000000
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET client_min_messages = warning;
COMMENT ON FUNCTION dpmeta.check_search() IS 'private: what check() says of what is searched';

CREATE FUNCTION dpmeta.check_copies()
	RETURNS TABLE (name text, meaning text, violations bigint, example text)
	LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 3
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT 'copies', 'Domain, status, owner and tags of a data product, which lists filter by, are those of its current version, or of the last one that was.',
		count(*), min(p.name)
	FROM dpmeta.product_source s
	JOIN dpmeta.product p ON p.product_id = s.product_id
	JOIN dpmeta.product_version v ON v.product_id = s.product_id AND v.version = s.version
	WHERE p.domain IS DISTINCT FROM v.metadata->>'domain'
		OR p.status IS DISTINCT FROM v.metadata->>'status'
		OR p.owner IS DISTINCT FROM v.metadata->>'dataProductOwner'
		OR p.tags IS DISTINCT FROM v.metadata->'tags'
	UNION ALL
	SELECT * FROM dpmeta.check_search()
	UNION ALL
	SELECT 'search entries', 'What search() finds things by is made of the current versions and their tables.',
		count(*), min(concat_ws(':', 'dp', p.name, nullif(coalesce(e.table_name, s.table_name), '')))
	FROM dpmeta.search_entry e
	FULL JOIN dpmeta.searchable() s
		ON s.product_id = e.product_id AND s.table_name = e.table_name AND s.part = e.part
	JOIN dpmeta.product p ON p.product_id = coalesce(e.product_id, s.product_id)
	WHERE e.words IS DISTINCT FROM s.words
$$;
COMMENT ON FUNCTION dpmeta.check_copies() IS
	'private: what check() says of what a data product''s row has of its version';

CREATE FUNCTION dpmeta.check_tables()
	RETURNS TABLE (name text, meaning text, violations bigint, example text)
	LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 6
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT 'ranges', 'The ranges of a table on the trunk, or on a branch, are not empty and do not overlap.',
		count(*), min(concat('dp:', p.name, ':', r.since, ':', r.table_name))
	FROM (
		SELECT r.product_id, r.table_name, r.since, r.until,
			lead(r.since) OVER (PARTITION BY r.product_id, r.table_name, r.branch
								ORDER BY r.since) AS next
		FROM dpmeta.table_range r
	) r
	JOIN dpmeta.product p ON p.product_id = r.product_id
	WHERE r.until <= r.since OR r.until > r.next OR r.until IS NULL AND r.next IS NOT NULL
	UNION ALL
	SELECT 'ends of ranges', 'A range begins and ends with a version that is there, on the line that the range is of.',
		count(*), min(concat('dp:', p.name, ':', r.since, ':', r.table_name))
	FROM dpmeta.table_range r
	JOIN dpmeta.product p ON p.product_id = r.product_id
	LEFT JOIN dpmeta.product_version s ON s.product_id = r.product_id AND s.version = r.since
	LEFT JOIN dpmeta.product_version u ON u.product_id = r.product_id AND u.version = r.until
	WHERE s.version IS NULL
		OR r.until IS NOT NULL AND u.version IS NULL
		OR r.branch <> CASE WHEN s.trunk = s.version THEN 0 ELSE dpmeta.major(s.version) END
		OR r.branch <> CASE WHEN u.trunk = u.version THEN 0 ELSE dpmeta.major(u.version) END
	UNION ALL
	SELECT 'schemas of ranges', 'A range has a schema of its data product, so that every table of a version can be read; only on a branch may it say that there is none.',
		count(*), min(concat('dp:', p.name, ':', r.since, ':', r.table_name))
	FROM dpmeta.table_range r
	JOIN dpmeta.product p ON p.product_id = r.product_id
	LEFT JOIN dpmeta.table_schema s
		ON s.table_schema_id = r.table_schema_id AND s.product_id = r.product_id
	WHERE s.table_schema_id IS NULL AND (r.table_schema_id IS NOT NULL OR r.branch = 0)
	UNION ALL
	SELECT 'unused schemas', 'Every schema is that of a table in some version.',
		count(*), min(concat('table_schema_id ', s.table_schema_id))
	FROM dpmeta.table_schema s
	LEFT JOIN dpmeta.table_range r ON r.table_schema_id = s.table_schema_id
	WHERE r.table_schema_id IS NULL
	UNION ALL
	SELECT 'documents of schemas', 'The document of a schema, which is sent as it is, says what its definition says.',
		count(*), min(concat('dp:', p.name, ', table_schema_id ', s.table_schema_id))
	FROM dpmeta.table_schema s
	JOIN dpmeta.product p ON p.product_id = s.product_id
	WHERE s.document::jsonb IS DISTINCT FROM s.definition
	UNION ALL
	SELECT 'logged tables', 'What the log says that a version did to its tables is what their ranges say: one begins with it, or none goes on through it.',
		count(*), min(concat('dp:', p.name, ':', c.version, ':', c.table_name))
	FROM (
		SELECT DISTINCT e.product_id, e.to_version AS version, c.value->>'table' AS table_name,
			c.value->>'change' = 'table-removed' AS removed
		FROM dpmeta.event e
		CROSS JOIN LATERAL jsonb_array_elements(
			CASE WHEN jsonb_typeof(e.changes) = 'array' THEN e.changes END) c(value)
		WHERE e.kind IN ('initial', 'minor', 'major') AND c.value->>'table' IS NOT NULL
	) c
	JOIN dpmeta.product p ON p.product_id = c.product_id
	LEFT JOIN dpmeta.table_range began
		ON began.product_id = c.product_id AND began.table_name = c.table_name
		AND began.since = c.version AND began.table_schema_id IS NOT NULL
	LEFT JOIN dpmeta.table_range through
		ON through.product_id = c.product_id AND through.table_name = c.table_name
		AND c.removed AND through.branch = 0 AND through.since <= c.version
		AND (through.until IS NULL OR through.until > c.version)
	WHERE CASE WHEN c.removed THEN through.product_id IS NOT NULL ELSE began.product_id IS NULL END
$$;
COMMENT ON FUNCTION dpmeta.check_tables() IS 'private: what check() says of tables';

CREATE FUNCTION dpmeta.check_log()
	RETURNS TABLE (name text, meaning text, violations bigint, example text)
	LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 6
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT 'events of versions', 'Every version has an event that made it, of the same time.',
		count(*), min(concat('dp:', p.name, ':', v.version))
	FROM dpmeta.product_version v
	JOIN dpmeta.product p ON p.product_id = v.product_id
	LEFT JOIN dpmeta.event e
		ON e.product_id = v.product_id AND e.to_version = v.version
		AND e.kind IN ('initial', 'minor', 'major')
	WHERE e.occurred_at IS DISTINCT FROM v.created_at
	UNION ALL
	SELECT 'versions of events', 'The versions that an event names are there, the one that it made has a number of its kind, and its changes are a list.',
		count(*), min(concat('event_id ', e.event_id))
	FROM dpmeta.event e
	JOIN dpmeta.product p ON p.product_id = e.product_id
	LEFT JOIN dpmeta.product_version f
		ON f.product_id = e.product_id AND f.version = e.from_version
	LEFT JOIN dpmeta.product_version t
		ON t.product_id = e.product_id AND t.version = e.to_version
	WHERE e.action <> 'purge'
		AND (e.from_version IS NOT NULL AND f.version IS NULL
			 OR e.to_version IS NOT NULL AND t.version IS NULL
			 OR jsonb_typeof(e.changes) <> 'array'
			 OR CASE e.kind
				WHEN 'minor' THEN coalesce(dpmeta.minor(e.to_version) = 0, true)
				WHEN 'major' THEN coalesce(dpmeta.minor(e.to_version) > 0, true)
				WHEN 'initial' THEN coalesce(dpmeta.minor(e.to_version) > 0, true)
				END)
	UNION ALL
	SELECT 'times of events', 'Each event of a data product is later than the one before it.',
		count(*), min(concat('event_id ', e.event_id))
	FROM (
		SELECT e.event_id, e.product_id, e.occurred_at,
			lag(e.occurred_at) OVER (PARTITION BY e.product_id ORDER BY e.event_id) AS before
		FROM dpmeta.event e
	) e
	JOIN dpmeta.product p ON p.product_id = e.product_id
	WHERE e.occurred_at <= e.before
	UNION ALL
	SELECT 'last event', 'A data product has the time of its last event, after which the next one comes; a cut of the log may have removed that.',
		count(*), min(p.name)
	FROM dpmeta.product p
	LEFT JOIN (
		SELECT e.product_id, max(e.occurred_at) AS occurred_at
		FROM dpmeta.event e
		GROUP BY e.product_id
	) e ON e.product_id = p.product_id
	WHERE p.changed_at IS DISTINCT FROM e.occurred_at
		AND (p.changed_at < e.occurred_at
			 OR p.changed_at >= (SELECT coalesce(dpmeta.log_kept_since(), '-infinity')))
	UNION ALL
	SELECT 'events of deletions', 'Every deleted version has an event of that time that deleted it.',
		count(*), min(concat('dp:', p.name, ':', v.version))
	FROM dpmeta.product_version v
	JOIN dpmeta.product p ON p.product_id = v.product_id
	LEFT JOIN dpmeta.event e
		ON e.product_id = v.product_id AND e.occurred_at = v.deleted_at AND e.kind = 'deletion'
	WHERE v.deleted_at IS NOT NULL AND e.event_id IS NULL
	UNION ALL
	SELECT 'transactions of events', 'No event is of a transaction that is still to come, or followers would miss those that come before it.',
		count(*), min(concat('event_id ', e.event_id))
	FROM dpmeta.event e
	WHERE e.transaction_id >= pg_snapshot_xmax(pg_current_snapshot())
		AND e.transaction_id IS DISTINCT FROM pg_current_xact_id_if_assigned()
$$;
COMMENT ON FUNCTION dpmeta.check_log() IS 'private: what check() says of the log';

CREATE FUNCTION dpmeta.check_times()
	RETURNS TABLE (name text, meaning text, violations bigint, example text)
	LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 2
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT 'last state', 'The last that is kept of the states of a data product is that which it is in; if not, renew_times() makes them anew.',
		count(*), min(p.name)
	FROM dpmeta.product p
	LEFT JOIN (
		SELECT DISTINCT ON (s.product_id) s.*
		FROM dpmeta.product_state s
		ORDER BY s.product_id, s.valid_from DESC
	) s ON s.product_id = p.product_id
	WHERE p.status <> ''
		AND (s.product_id IS NULL OR s.current IS DISTINCT FROM p.current
			 OR s.registered_at <> p.registered_at
			 OR s.retired_at IS DISTINCT FROM p.retired_at
			 OR s.sunset IS DISTINCT FROM p.sunset)
	UNION ALL
	SELECT 'times of states', 'What is kept of times past is of events and of versions that were there at the time.',
		count(*), min(concat_ws(':', r.what || ' of dp', p.name, r.version))
	FROM (
		SELECT 'state' AS what, s.product_id, s.current AS version, s.valid_from AS at
		FROM dpmeta.product_state s
		UNION ALL
		SELECT 'restoration', u.product_id, u.version, u.restored_at
		FROM dpmeta.undone_deletion u
		UNION ALL
		SELECT 'report', f.product_id, f.version, f.valid_until
		FROM dpmeta.past_facts f
	) r
	JOIN dpmeta.product p ON p.product_id = r.product_id
	LEFT JOIN dpmeta.product_version v ON v.product_id = r.product_id AND v.version = r.version
	LEFT JOIN dpmeta.event e ON e.product_id = r.product_id AND e.occurred_at = r.at
	WHERE v.created_at > r.at
		OR v.version IS NULL AND r.version IS NOT NULL
		OR e.event_id IS NULL AND r.at >= (SELECT coalesce(dpmeta.log_kept_since(), '-infinity'))
$$;
COMMENT ON FUNCTION dpmeta.check_times() IS 'private: what check() says of times past';

CREATE FUNCTION dpmeta.check_rest()
	RETURNS TABLE (name text, meaning text, violations bigint, example text)
	LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 5
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT 'idempotency keys', 'The answer that is kept for a retry is about a version that is there.',
		count(*), min(concat('dp:', p.name, ':', k.version))
	FROM dpmeta.idempotency_key k
	JOIN dpmeta.product p ON p.product_id = k.product_id
	LEFT JOIN dpmeta.product_version v ON v.product_id = k.product_id AND v.version = k.version
	WHERE v.version IS NULL
	UNION ALL
	SELECT 'owners of rows', 'Every version, schema, range, event and idempotency key belongs to a data product.',
		count(*), min(concat(r.relation, ' of product_id ', r.product_id))
	FROM (
		SELECT 'product_version' AS relation, v.product_id FROM dpmeta.product_version v
		UNION ALL
		SELECT 'table_schema', s.product_id FROM dpmeta.table_schema s
		UNION ALL
		SELECT 'table_range', r.product_id FROM dpmeta.table_range r
		UNION ALL
		SELECT 'event', e.product_id FROM dpmeta.event e
		UNION ALL
		SELECT 'idempotency_key', k.product_id FROM dpmeta.idempotency_key k
		UNION ALL
		SELECT 'product_state', s.product_id FROM dpmeta.product_state s
	) r
	LEFT JOIN dpmeta.product p ON p.product_id = r.product_id
	WHERE p.product_id IS NULL
	UNION ALL
	SELECT 'next numbers', 'Each sequence is past the numbers that are in use; on a logical subscriber take_over() sets them.',
		count(*), min(s.name)
	FROM (
		SELECT 'product_product_id_seq' AS name, q.last_value, q.is_called,
			(SELECT max(p.product_id) FROM dpmeta.product p) AS used
		FROM dpmeta.product_product_id_seq q
		UNION ALL
		SELECT 'table_schema_table_schema_id_seq', q.last_value, q.is_called,
			(SELECT max(s.table_schema_id) FROM dpmeta.table_schema s)
		FROM dpmeta.table_schema_table_schema_id_seq q
		UNION ALL
		SELECT 'event_event_id_seq', q.last_value, q.is_called,
			(SELECT max(e.event_id) FROM dpmeta.event e)
		FROM dpmeta.event_event_id_seq q
	) s
	WHERE s.last_value < s.used OR s.last_value = s.used AND NOT s.is_called
	UNION ALL
	SELECT 'models', 'The models of documents are there, and name the domains that there are.',
		count(*), min(n.name)
	FROM unnest(ARRAY['data-product', 'data-product-update', 'schema', 'contract']) n(name)
	LEFT JOIN dpmeta.model m ON m.name = n.name
	WHERE m.name IS NULL
		OR n.name <> 'schema'
		AND m.schema #> '{properties,domain,enum}' IS DISTINCT FROM to_jsonb(dpmeta.domains())
	UNION ALL
	SELECT 'first rights', 'PostgreSQL''s note of the rights that the extension came with names no role that was dropped, or a dump cannot be restored; forget_dropped_roles() mends it.',
		count(*), min(pg_describe_object(i.classoid, i.objoid, 0))
	FROM pg_init_privs i
	JOIN pg_depend d ON d.classid = i.classoid AND d.objid = i.objoid AND d.deptype = 'e'
		AND d.refclassid = 'pg_extension'::regclass
	JOIN pg_extension x ON x.oid = d.refobjid AND x.extname = 'dpmeta'
	WHERE EXISTS (
		SELECT FROM aclexplode(i.initprivs) a
		CROSS JOIN LATERAL (VALUES (a.grantor), (a.grantee)) r(role)
		WHERE r.role <> 0 AND NOT EXISTS (SELECT FROM pg_roles o WHERE o.oid = r.role))
	UNION ALL
	SELECT 'life', 'The store has one mark by which its log is told from that of a copy.',
		abs(count(*) - 1), CASE WHEN count(*) <> 1 THEN concat(count(*), ' marks') END
	FROM dpmeta.life l
$$;
COMMENT ON FUNCTION dpmeta.check_rest() IS
	'private: what check() says of keys, owners, sequences, models, rights and the mark of the log';

/*
 * What the extension is made of, as text: what a superuser may change by hand, and
 * dpmeta relies on.  state is what ALTER TABLE ... DISABLE TRIGGER and the like
 * change.  What a DBA may well change is not here: rights, storage parameters,
 * statistics targets, more indexes.
 */
CREATE FUNCTION dpmeta.catalogue()
	RETURNS TABLE (kind text, name text, state text, definition text)
	LANGUAGE sql STABLE PARALLEL RESTRICTED COST 100000 ROWS 500
	SET search_path = pg_catalog, pg_temp
	-- what the definitions are written by
	SET quote_all_identifiers = off
	SET standard_conforming_strings = on
	SET "DateStyle" = 'ISO, MDY'
	SET "IntervalStyle" = postgres
	SET "TimeZone" = 'UTC'
	SET bytea_output = hex
AS $$
	WITH ours AS (
		SELECT c.*
		FROM pg_class c
		WHERE c.relnamespace = 'dpmeta'::regnamespace AND c.relkind IN ('r', 'v')
	)
	SELECT 'function', p.oid::regprocedure::text, '',
		CASE p.prokind WHEN 'a' THEN '' ELSE pg_get_functiondef(p.oid) END
	FROM pg_proc p
	WHERE p.pronamespace = 'dpmeta'::regnamespace
	UNION ALL
	SELECT 'view', o.oid::regclass::text, '', pg_get_viewdef(o.oid)
	FROM ours o
	WHERE o.relkind = 'v'
	UNION ALL
	SELECT 'table', o.oid::regclass::text, '',
		concat_ws(' ', o.relpersistence, o.relrowsecurity, o.relforcerowsecurity)
	FROM ours o
	WHERE o.relkind = 'r'
	UNION ALL
	SELECT 'column', concat(o.oid::regclass, '.', a.attname), '',
		concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
			a.attcollation::regcollation, pg_get_expr(d.adbin, d.adrelid))
	FROM ours o
	JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
	LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
	WHERE o.relkind = 'r'
	UNION ALL
	SELECT 'constraint', concat(o.oid::regclass, '.', k.conname), k.convalidated::text, pg_get_constraintdef(k.oid)
	FROM ours o
	JOIN pg_constraint k ON k.conrelid = o.oid AND k.contype <> 'n'
	UNION ALL
	SELECT 'index', i.indexrelid::regclass::text,
		concat_ws(' ', i.indisvalid, i.indisready, i.indislive), pg_get_indexdef(i.indexrelid)
	FROM ours o
	JOIN pg_index i ON i.indrelid = o.oid
	UNION ALL
	-- those of foreign keys have numbers for names
	SELECT 'trigger', concat(o.oid::regclass, '.',
			CASE WHEN t.tgisinternal THEN concat(k.conname, ' ', t.tgfoid::regproc) ELSE t.tgname END),
		t.tgenabled::text, CASE WHEN t.tgisinternal THEN '' ELSE pg_get_triggerdef(t.oid) END
	FROM ours o
	JOIN pg_trigger t ON t.tgrelid = o.oid
	LEFT JOIN pg_constraint k ON k.oid = t.tgconstraint
	UNION ALL
	-- but for the domains, which are a DBA's
	SELECT 'model', m.name, '',
		CASE WHEN jsonb_typeof(m.schema->'properties'->'domain') = 'object'
				AND jsonb_typeof(m.schema->'examples'->0) = 'object'
			THEN m.schema #- '{properties,domain,enum}' #- '{properties,domain,examples}' #- '{examples,0,domain}'
			ELSE m.schema END::text
	FROM dpmeta.model m
$$;
COMMENT ON FUNCTION dpmeta.catalogue() IS 'private: what the extension is made of, as text';

/*
 * The same as it was when CREATE or ALTER EXTENSION had ended.  A dump leaves it
 * out, because a restore runs CREATE EXTENSION.  Another major version of the server, as after
 * pg_upgrade, may write the same definition in another way, and so they are
 * compared by the server that they were written by.
 */
CREATE TABLE dpmeta.installed (
	kind	text NOT NULL,
	name	text NOT NULL,
	state	text NOT NULL,
	digest	text NOT NULL,
	server	integer NOT NULL DEFAULT pg_catalog.current_setting('server_version_num')::integer / 10000,
	PRIMARY KEY (kind, name)
);
COMMENT ON TABLE dpmeta.installed IS 'private: what the extension was made of when it was installed or updated';

CREATE FUNCTION dpmeta.check_catalogue()
	RETURNS TABLE (name text, meaning text, violations bigint, example text)
	LANGUAGE sql STABLE PARALLEL RESTRICTED COST 1000000 ROWS 4
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	WITH difference AS MATERIALIZED (
		SELECT i.kind, concat(i.kind, ' ', i.name) AS name
		FROM dpmeta.installed i
		LEFT JOIN dpmeta.catalogue() c ON c.kind = i.kind AND c.name = i.name
		WHERE c.name IS NULL OR c.state IS DISTINCT FROM i.state
			OR md5(c.definition) IS DISTINCT FROM i.digest
				AND (i.kind = 'model' OR i.server = current_setting('server_version_num')::integer / 10000)
	)
	SELECT m.name, m.meaning, count(d.name), min(d.name)
	FROM (VALUES
		('triggers', ARRAY['trigger'], 'The triggers of the tables are as they were installed, and none is disabled; a restore with --disable-triggers leaves them otherwise.'),
		('indexes', ARRAY['index'], 'The indexes of the tables are as they were installed, and valid; REINDEX makes a broken one anew.'),
		('installed models', ARRAY['model'], 'The models of documents are those that were installed, but for the domains.'),
		('catalogue', ARRAY['function', 'view', 'table', 'column', 'constraint'], 'Functions, views, tables, columns and constraints are as they were installed.')
		) m(name, kinds, meaning)
	LEFT JOIN difference d ON d.kind = ANY (m.kinds)
	GROUP BY m.name, m.meaning
$$;
COMMENT ON FUNCTION dpmeta.check_catalogue() IS
	'private: what check() says of triggers, indexes, models and the rest of what was installed';

/*
 * SECURITY DEFINER so that whoever is let in by GRANT EXECUTE, such as a role that
 * monitors, needs no right to the tables.
 */
CREATE FUNCTION dpmeta.check()
	RETURNS TABLE (name text, meaning text, violations bigint, example text)
	LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER COST 1000000 ROWS 38
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off
AS $$
	SELECT * FROM dpmeta.check_products()
	UNION ALL
	SELECT * FROM dpmeta.check_versions()
	UNION ALL
	SELECT * FROM dpmeta.check_copies()
	UNION ALL
	SELECT * FROM dpmeta.check_tables()
	UNION ALL
	SELECT * FROM dpmeta.check_log()
	UNION ALL
	SELECT * FROM dpmeta.check_times()
	UNION ALL
	SELECT * FROM dpmeta.check_rest()
	UNION ALL
	SELECT * FROM dpmeta.check_catalogue()
$$;
COMMENT ON FUNCTION dpmeta.check() IS
	'whether the store keeps its invariants, one row for each: what it means, how many places break it (0 when all is well) and one of them; reads all of the store, and is meant for every night';
