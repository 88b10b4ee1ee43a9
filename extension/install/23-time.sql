/*
 * What was, and when.  Versions and their tables never change, and so the time of
 * each needs no copy of it.  What does change is kept here: which version of a
 * product is current, which deletions were undone, and the facts beside a version.
 * A write that makes a version adds one row.
 */

CREATE TABLE dpmeta.product_state (
	product_id		bigint NOT NULL REFERENCES dpmeta.product,
	valid_from		timestamptz NOT NULL,
	current			dpmeta.dpversion,
	is_new			boolean NOT NULL,
	registered_at	timestamptz NOT NULL,
	retired_at		timestamptz,
	sunset			date,
	PRIMARY KEY (product_id, valid_from)
);
COMMENT ON TABLE dpmeta.product_state IS
	'private: what a product''s row said from a time on, until the next one';
COMMENT ON COLUMN dpmeta.product_state.current IS 'newest live version then; NULL when none was live';
COMMENT ON COLUMN dpmeta.product_state.is_new IS
	'whether another version was current before; if not, only the sunset date changed';

CREATE TABLE dpmeta.undone_deletion (
	product_id		bigint NOT NULL,
	version			dpmeta.dpversion NOT NULL,
	deleted_at		timestamptz NOT NULL,
	restored_at		timestamptz NOT NULL,
	PRIMARY KEY (product_id, version, deleted_at),
	FOREIGN KEY (product_id, version) REFERENCES dpmeta.product_version
);
COMMENT ON TABLE dpmeta.undone_deletion IS
	'private: a time during which a version was deleted that was restored since';

CREATE TABLE dpmeta.past_facts (
	product_id		bigint NOT NULL,
	version			dpmeta.dpversion NOT NULL,
	valid_until		timestamptz NOT NULL,
	facts_revision	integer NOT NULL,
	facts			jsonb NOT NULL,
	PRIMARY KEY (product_id, version, valid_until),
	FOREIGN KEY (product_id, version) REFERENCES dpmeta.product_version
);
COMMENT ON TABLE dpmeta.past_facts IS
	'private: the facts beside a version before a report that changed them; cut_log() removes old ones';
COMMENT ON COLUMN dpmeta.past_facts.valid_until IS 'when that report came';

-- by version, for its times; and by time, for what changed in one
CREATE INDEX product_state_current_idx ON dpmeta.product_state (product_id, current, valid_from);
CREATE INDEX product_state_time_idx ON dpmeta.product_state USING brin (valid_from);

SELECT pg_catalog.pg_extension_config_dump('dpmeta.product_state', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.undone_deletion', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.past_facts', '');

/*
 * Makes these rows anew from the log, which has all that they say, but for facts from
 * before a cut of the log.  For an update, and for a dump of the first release that
 * was restored into this one.
 *
 * Deletions and restorations name the version that is current after them.  From each of
 * them to the next, versions are only added, and the newest is current.
 */
CREATE FUNCTION dpmeta.renew_times() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off
AS $$
DECLARE
	report		record;
	of_version	text;
	known		jsonb;
	revision	integer;
BEGIN
	DELETE FROM dpmeta.product_state;
	DELETE FROM dpmeta.undone_deletion;
	DELETE FROM dpmeta.past_facts f
		WHERE f.valid_until >= coalesce(dpmeta.log_kept_since(), '-infinity');

	INSERT INTO dpmeta.product_state
		(product_id, valid_from, current, is_new, registered_at, retired_at, sunset)
	WITH step AS (
		SELECT e.product_id, e.event_id, e.occurred_at, e.kind, e.to_version,
			(e.changes->0->>'to')::date AS sunset,
			count(*) FILTER (WHERE e.kind IN ('deletion', 'restoration')) OVER past AS run,
			count(*) FILTER (WHERE e.kind IN ('none', 'initial')) OVER past AS sunset_run,
			max(e.occurred_at) FILTER (WHERE e.kind = 'initial') OVER past AS registered_at
		FROM (
			SELECT e.product_id, e.event_id, e.occurred_at, e.kind, e.to_version,
				CASE WHEN e.kind = 'none' THEN e.changes END AS changes
			FROM dpmeta.event e
			WHERE e.action NOT IN ('report', 'purge', 'put-consumer', 'delete-consumer')
		) e
		WINDOW past AS (PARTITION BY e.product_id ORDER BY e.event_id)
	), state AS (
		SELECT s.product_id, s.event_id, s.occurred_at, s.kind, s.registered_at,
			max(s.to_version) FILTER (WHERE s.kind <> 'none')
				OVER (PARTITION BY s.product_id, s.run ORDER BY s.event_id) AS current,
			first_value(s.sunset)
				OVER (PARTITION BY s.product_id, s.sunset_run ORDER BY s.event_id) AS sunset
		FROM step s
	), changed AS (
		SELECT s.*, s.current IS DISTINCT FROM lag(s.current) OVER past AS is_new
		FROM state s
		WINDOW past AS (PARTITION BY s.product_id ORDER BY s.event_id)
	), kept AS (
		SELECT c.*, v.metadata->>'status' = 'retired' AS is_retired,
			count(*) FILTER (WHERE c.kind = 'initial'
							 OR v.metadata->>'status' <> 'retired') OVER past AS retired_run
		FROM changed c
		LEFT JOIN dpmeta.product_version v
			ON v.product_id = c.product_id AND v.version = c.current
		WHERE c.is_new OR c.kind = 'none'
		WINDOW past AS (PARTITION BY c.product_id ORDER BY c.event_id)
	)
	SELECT k.product_id, k.occurred_at, k.current, k.is_new, k.registered_at,
		CASE WHEN coalesce(k.is_retired, true) THEN
			min(k.occurred_at) FILTER (WHERE k.is_retired)
				OVER (PARTITION BY k.product_id, k.retired_run ORDER BY k.event_id) END,
		k.sunset
	FROM kept k;

	INSERT INTO dpmeta.undone_deletion (product_id, version, deleted_at, restored_at)
	SELECT u.product_id, u.version, u.deleted_at, u.restored_at
	FROM (
		SELECT e.product_id, (c.value->>'version')::dpmeta.dpversion AS version, e.kind,
			lag(e.occurred_at) OVER same AS deleted_at, e.occurred_at AS restored_at
		FROM dpmeta.event e
		CROSS JOIN LATERAL jsonb_array_elements(e.changes) c(value)
		WHERE e.action IN ('delete', 'restore')
		WINDOW same AS (PARTITION BY e.product_id, c.value->>'version' ORDER BY e.event_id)
	) u
	WHERE u.kind = 'restoration';

	-- backwards from what the facts are now
	FOR report IN
		SELECT e.product_id, e.to_version AS version, e.occurred_at, v.facts, v.facts_revision,
			(SELECT jsonb_object_agg(c.value->>'member', c.value->'from')
			 FROM jsonb_array_elements(e.changes) c(value)) AS before
		FROM dpmeta.event e
		JOIN dpmeta.product_version v ON v.product_id = e.product_id AND v.version = e.to_version
		WHERE e.action = 'report'
		ORDER BY e.product_id, e.to_version, e.event_id DESC
	LOOP
		IF of_version IS DISTINCT FROM concat(report.product_id, report.version) THEN
			of_version := concat(report.product_id, report.version);
			known := report.facts;
			revision := report.facts_revision;
		END IF;
		known := jsonb_strip_nulls(known || report.before);
		revision := revision - 1;
		INSERT INTO dpmeta.past_facts
			VALUES (report.product_id, report.version, report.occurred_at, revision, known);
	END LOOP;
END
$$;
COMMENT ON FUNCTION dpmeta.renew_times() IS
	'makes anew, from the log, what the store knows of times past: for a dump of version 1.0 that was restored into a later one. check() says whether that is needed';
REVOKE EXECUTE ON FUNCTION dpmeta.renew_times() FROM PUBLIC;
