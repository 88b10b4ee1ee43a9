/*
 * What needs somebody's care, and stats(), the one document behind /v1/stats.  An
 * update has this very file.
 */

/*
 * What a steward may want to see to.  Each problem is one condition, so that a
 * row says one thing to do.
 */
CREATE VIEW dpmeta.problems AS
	SELECT d.id, d.name AS data_product, d.domain, d.data_product_owner, x.problem
	FROM (
		SELECT dpmeta.full_id_text(p.name, p.current) COLLATE dpmeta.version_order AS id, p.name, p.domain,
			p.owner AS data_product_owner, p.status, p.retired_at, p.sunset,
			v.metadata->>'description' AS description,
			(v.metadata->>'dpiaRequired')::boolean AS dpia_required,
			v.facts->>'dpiaLocation' AS dpia_location,
			(v.facts->>'lastUpdated')::timestamptz AS last_updated,
			EXISTS (SELECT FROM dpmeta.version_table t
					WHERE t.product_id = p.product_id
						AND t.version = v.version) AS has_tables
		FROM dpmeta.product p
		JOIN dpmeta.product_version v
			ON v.product_id = p.product_id AND v.version = p.current
		WHERE dpmeta.found_by(p.name, p.current)
	) d
	CROSS JOIN LATERAL (VALUES
		('no description', d.description !~ E'\\S'),
		('no owner', d.data_product_owner !~ E'\\S'),
		('published without tables', d.status = 'published' AND NOT d.has_tables),
		('published without a required assessment',
		 d.status = 'published' AND d.dpia_required AND d.dpia_location IS NULL),
		('published and never loaded', d.status = 'published' AND d.last_updated IS NULL),
		('retired without a sunset date', d.status = 'retired' AND d.sunset IS NULL),
		('past its sunset date', d.sunset < (now() AT TIME ZONE 'UTC')::date)
	) x(problem, holds)
	WHERE x.holds;

COMMENT ON VIEW dpmeta.problems IS 'one row for each thing about a live data product that its owner or a steward should see to';
COMMENT ON COLUMN dpmeta.problems.id IS 'fully versioned ID of the data product';
COMMENT ON COLUMN dpmeta.problems.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.problems.domain IS 'domain that it belongs to';
COMMENT ON COLUMN dpmeta.problems.data_product_owner IS 'who owns it';
COMMENT ON COLUMN dpmeta.problems.problem IS
	'no description, no owner, published without tables, published without a required assessment, published and never loaded, retired without a sunset date, or past its sunset date';

/*
 * Compiling a statement of this size takes longer than running it, hence no JIT.  to_char()
 * fails where the encoding lacks a letter of the locale's names of months, which
 * it looks up also when it does not need them; hence the locale.
 */
CREATE FUNCTION dpmeta.count_stats() RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE COST 1000000
	SET search_path = dpmeta, pg_catalog, pg_temp
	SET jit = off
	SET lc_time = 'C'
BEGIN ATOMIC
	WITH products AS MATERIALIZED (
		SELECT p.domain, p.status, p.current IS NOT NULL AS live, count(*) AS n
		FROM dpmeta.product p
		GROUP BY 1, 2, 3
	), last_loads AS (
		SELECT p.status, count(*) FILTER (WHERE v.facts->>'lastUpdated' IS NULL) AS never,
			min((v.facts->>'lastUpdated')::timestamptz) AS oldest,
			max((v.facts->>'lastUpdated')::timestamptz) AS newest
		FROM dpmeta.product p
		JOIN dpmeta.product_version v ON v.product_id = p.product_id AND v.version = p.current
		GROUP BY p.status
	), versions AS (
		SELECT count(*) AS total,
			count(*) FILTER (WHERE v.deleted_at IS NOT NULL) AS deleted
		FROM dpmeta.product_version v
	), days AS MATERIALIZED (
		SELECT (e.occurred_at AT TIME ZONE 'UTC')::date AS day, e.actor, e.kind,
			count(*) AS n
		FROM dpmeta.event e
		GROUP BY 1, 2, 3
	), recent AS MATERIALIZED (
		SELECT d.day, d.actor, d.kind, d.n, (now() AT TIME ZONE 'UTC')::date - d.day AS age
		FROM days d
		WHERE d.day > (now() AT TIME ZONE 'UTC')::date - 30
			AND d.kind IN ('initial', 'minor', 'major')
	), loads AS (
		-- how many days ago the data of what is published were last loaded
		SELECT extract(epoch FROM now() - (v.facts->>'lastUpdated')::timestamptz) / 86400 AS age
		FROM dpmeta.product p
		JOIN dpmeta.product_version v ON v.product_id = p.product_id AND v.version = p.current
		WHERE p.status = 'published'
	), undocumented AS (
		SELECT p.name, sum(s.column_count) AS columns,
			sum(s.column_count - s.described_count) AS undescribed
		FROM dpmeta.version_table t
		JOIN dpmeta.table_schema s ON s.table_schema_id = t.table_schema_id
		JOIN dpmeta.product p ON p.product_id = t.product_id
		WHERE t.is_current
		GROUP BY p.product_id
		HAVING sum(s.column_count - s.described_count) > 0
		ORDER BY 3 DESC, 1
		LIMIT 10
	), sizes AS (
		SELECT count(*) AS filled, sum(z.tables)::bigint AS total, max(z.tables) AS largest,
			percentile_disc(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY z.tables) AS percentiles
		FROM (SELECT count(t.product_id) AS tables
			  FROM dpmeta.product p
			  LEFT JOIN dpmeta.version_table t
				ON t.product_id = p.product_id AND t.version = p.current
			  WHERE p.current IS NOT NULL
			  GROUP BY p.product_id) z
	), types AS MATERIALIZED (
		SELECT c.column_type, c.columns, c.undescribed
		FROM dpmeta.column_type_stats c
	)
	SELECT pg_catalog.jsonb_build_object(
		'time', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'products', pg_catalog.jsonb_build_object(
			'live', (SELECT coalesce(sum(p.n) FILTER (WHERE p.live), 0) FROM products p),
			'deleted', (SELECT coalesce(sum(p.n) FILTER (WHERE NOT p.live), 0) FROM products p),
			'byStatus', (SELECT coalesce(jsonb_object_agg(s.status, s.n), '{}')
						 FROM (SELECT p.status, sum(p.n) AS n
							   FROM products p WHERE p.live GROUP BY p.status) s),
			'byDomain', (SELECT coalesce(jsonb_object_agg(s.domain, s.n), '{}')
						 FROM (SELECT p.domain, sum(p.n) AS n
							   FROM products p WHERE p.live GROUP BY p.domain) s),
			'byDomainAndStatus',
				(SELECT coalesce(jsonb_object_agg(s.domain, s.statuses), '{}')
				 FROM (SELECT p.domain, jsonb_object_agg(p.status, p.n) AS statuses
					   FROM products p WHERE p.live GROUP BY p.domain) s),
			'loaded', (SELECT pg_catalog.jsonb_build_object(
							'lastDay', count(*) FILTER (WHERE l.age < 1),
							'lastWeek', count(*) FILTER (WHERE l.age >= 1 AND l.age < 7),
							'lastMonth', count(*) FILTER (WHERE l.age >= 7 AND l.age < 30),
							'before', count(*) FILTER (WHERE l.age >= 30),
							'never', count(*) FILTER (WHERE l.age IS NULL))
						FROM loads l)),
		'loads', (SELECT coalesce(jsonb_object_agg(l.status, jsonb_build_object('never', l.never,
						'oldest', to_char(l.oldest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
						'newest', to_char(l.newest AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))), '{}')
				  FROM last_loads l),
		'versions', pg_catalog.jsonb_build_object(
			'total', v.total,
			'deleted', v.deleted,
			'byKind', (SELECT jsonb_object_agg(k.kind, coalesce(s.n, 0))
					   FROM (VALUES ('initial'), ('minor'), ('major')) k(kind)
					   LEFT JOIN (SELECT d.kind, sum(d.n) AS n
								  FROM days d GROUP BY d.kind) s ON s.kind = k.kind)),
		'changes', (SELECT pg_catalog.jsonb_build_object(
						'last7Days', coalesce(sum(r.n) FILTER (WHERE r.age < 7), 0),
						'last30Days', coalesce(sum(r.n), 0),
						'breakingLast7Days',
						coalesce(sum(r.n) FILTER (WHERE r.kind = 'major' AND r.age < 7), 0),
						'breakingLast30Days',
						coalesce(sum(r.n) FILTER (WHERE r.kind = 'major'), 0))
					FROM recent r)
			|| pg_catalog.jsonb_build_object(
			'perDay', (SELECT jsonb_agg(jsonb_build_object('day', g.day, 'versions', g.versions,
														   'breaking', g.breaking)
										ORDER BY g.day)
					   FROM (SELECT (now() AT TIME ZONE 'UTC')::date - i.age AS day,
								coalesce(sum(r.n), 0) AS versions,
								coalesce(sum(r.n) FILTER (WHERE r.kind = 'major'), 0) AS breaking
							 FROM generate_series(0, 29) i(age)
							 LEFT JOIN recent r ON r.age = i.age
							 GROUP BY i.age) g),
			'perWeek', (SELECT jsonb_agg(jsonb_build_object('week', w.monday, 'versions', w.versions,
															'breaking', w.breaking)
										 ORDER BY w.monday)
						FROM (SELECT m.monday, coalesce(sum(d.n), 0) AS versions,
								coalesce(sum(d.n) FILTER (WHERE d.kind = 'major'), 0) AS breaking
							  FROM (SELECT date_trunc('week', now() AT TIME ZONE 'UTC')::date - 7 * i.age AS monday
									FROM generate_series(0, 11) i(age)) m
							  LEFT JOIN days d ON d.kind IN ('initial', 'minor', 'major')
								AND d.day >= m.monday AND d.day < m.monday + 7
							  GROUP BY m.monday) w),
			'topActors', (SELECT coalesce(jsonb_agg(jsonb_build_object('actor', a.actor,
																	   'versions', a.n)
													ORDER BY a.n DESC, a.actor COLLATE "C"), '[]')
						  FROM (SELECT r.actor, sum(r.n) AS n
								FROM recent r GROUP BY r.actor
								ORDER BY 2 DESC, r.actor COLLATE "C" LIMIT 10) a)),
		'tables', pg_catalog.jsonb_build_object(
			'total', coalesce(z.total, 0),
			'perProduct', pg_catalog.jsonb_build_object(
				'median', coalesce(z.percentiles[1], 0),
				'p90', coalesce(z.percentiles[2], 0),
				'p99', coalesce(z.percentiles[3], 0),
				'max', coalesce(z.largest, 0))),
		'columns', pg_catalog.jsonb_build_object(
			'total', (SELECT coalesce(sum(t.columns), 0) FROM types t),
			'withoutDescription', (SELECT coalesce(sum(t.undescribed), 0) FROM types t),
			'leastDocumented', (SELECT coalesce(jsonb_agg(jsonb_build_object(
									'dataProduct', d.name, 'columns', d.columns,
									'withoutDescription', d.undescribed)
									ORDER BY d.undescribed DESC, d.name), '[]')
								FROM undocumented d),
			'topTypes', (SELECT coalesce(jsonb_agg(jsonb_build_object('type', t.column_type,
																	  'columns', t.columns)
												   ORDER BY t.columns DESC, t.column_type COLLATE "C"), '[]')
						 FROM (SELECT t.column_type, t.columns
							   FROM types t
							   ORDER BY t.columns DESC, t.column_type COLLATE "C" LIMIT 10) t)),
		'problems', (SELECT coalesce(jsonb_object_agg(x.problem, x.n), '{}')
					 FROM (SELECT x.problem, count(*) AS n
						   FROM dpmeta.problems x GROUP BY x.problem) x))
	FROM versions v, sizes z;
END;

COMMENT ON FUNCTION dpmeta.count_stats() IS 'private: the figures, counted now: reads all of the store';

/*
 * Counting all of a large store takes seconds.  So what was counted last is kept, by
 * whoever calls renew_stats().
 */
CREATE TABLE dpmeta.stats_kept (
	counted_at		timestamptz NOT NULL,
	took			interval NOT NULL,
	seen			pg_snapshot NOT NULL,
	document		jsonb NOT NULL
);
COMMENT ON TABLE dpmeta.stats_kept IS 'private: the figures that were counted last, in one row, or none; not dumped, because it is made anew';
COMMENT ON COLUMN dpmeta.stats_kept.counted_at IS 'when';
COMMENT ON COLUMN dpmeta.stats_kept.took IS 'how long that took';
COMMENT ON COLUMN dpmeta.stats_kept.seen IS 'the transactions whose events were counted, or more';

-- Nothing was written since, and it is the same hour: some figures are of the last days.
CREATE FUNCTION dpmeta.stats_are_true(counted_at timestamptz, seen pg_snapshot) RETURNS boolean
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT date_trunc('hour', stats_are_true.counted_at, 'UTC') = date_trunc('hour', now(), 'UTC')
		AND NOT EXISTS (
			SELECT FROM dpmeta.event e
			WHERE e.transaction_id >= pg_catalog.pg_snapshot_xmin(stats_are_true.seen)
				AND NOT pg_catalog.pg_visible_in_snapshot(e.transaction_id, stats_are_true.seen));
END;
COMMENT ON FUNCTION dpmeta.stats_are_true(timestamptz, pg_snapshot) IS
	'private: whether figures that were counted at a time are still what they would be now';

/*
 * Figures only, so it may be SECURITY DEFINER, and read what no view shows.  Where
 * counting is quick, it counts.  Elsewhere figures may be some minutes old.
 */
CREATE OR REPLACE FUNCTION dpmeta.stats() RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1000000
	SET search_path = dpmeta, pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT coalesce((
		SELECT k.document
		FROM dpmeta.stats_kept k
		WHERE dpmeta.stats_are_true(k.counted_at, k.seen)
			OR k.took > interval '50 milliseconds'
				AND k.counted_at > now() - greatest(interval '3 minutes', 40 * k.took)
		LIMIT 1), dpmeta.count_stats());
END;
COMMENT ON FUNCTION dpmeta.stats() IS
	'the platform''s health in figures: products, versions, loads, changes of 30 days and of 12 weeks, tables, columns, problems. time says when they were counted: now, or, where counting takes more than 50 ms and somebody calls renew_stats(), within the last minutes';

/*
 * Counting takes at most a twentieth of the time, however many sessions call this.
 */
CREATE FUNCTION dpmeta.renew_stats() RETURNS jsonb
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = dpmeta, pg_catalog, pg_temp
AS $$
DECLARE
	seen		pg_snapshot;
	began		timestamptz;
	document	jsonb;
BEGIN
	IF pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean
		OR NOT pg_try_advisory_xact_lock('dpmeta.stats_kept'::regclass::bigint)
		OR EXISTS (SELECT FROM dpmeta.stats_kept k
			WHERE dpmeta.stats_are_true(k.counted_at, k.seen)
				OR k.counted_at BETWEEN now() - 20 * k.took AND now()) THEN
		RETURN dpmeta.stats();
	END IF;
	seen := pg_current_snapshot();
	began := clock_timestamp();
	document := dpmeta.count_stats();
	DELETE FROM dpmeta.stats_kept;
	INSERT INTO dpmeta.stats_kept (counted_at, took, seen, document)
	VALUES (now(), clock_timestamp() - began, seen, document);
	RETURN document;
END
$$;
COMMENT ON FUNCTION dpmeta.renew_stats() IS
	'counts the figures of stats(), if anything was written since they were, and keeps them, so that the next calls of stats() need not count; returns them. The HTTP front calls it for /metrics and /v1/stats, at most once a minute; where there is none, call it by a scheduler';
