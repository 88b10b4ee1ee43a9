/*
 * What grows: the answers that are kept for retries, and the log.  Months are UTC's.
 */

CREATE FUNCTION dpmeta.idempotency_retention() RETURNS interval
	AS 'MODULE_PATHNAME', 'dpmeta_idempotency_retention_interval' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION dpmeta.idempotency_retention() IS
	'how long the answer to a write is kept for its retries: the setting dpmeta.idempotency_retention';

CREATE VIEW dpmeta.idempotency_stats AS
	SELECT o.own,
		count(k.digest) AS keys,
		count(k.digest) FILTER (WHERE k.created_at <= now() - dpmeta.idempotency_retention()) AS expired,
		min(k.created_at) AS oldest_at,
		max(k.created_at) AS newest_at,
		coalesce(sum(pg_column_size(k.changes)), 0)::bigint AS changes_bytes,
		(SELECT pg_total_relation_size(c.oid)
		 FROM pg_class c
		 WHERE c.oid = 'dpmeta.idempotency_key'::regclass) AS total_bytes
	FROM (VALUES (false), (true)) o(own)
	LEFT JOIN dpmeta.idempotency_key k ON k.automatic = NOT o.own
	GROUP BY o.own;

COMMENT ON VIEW dpmeta.idempotency_stats IS
	'the answers that are kept for retries: one row for those by a caller''s own key, and one for the automatic ones';
COMMENT ON COLUMN dpmeta.idempotency_stats.own IS 'whether callers gave these keys, or they were made of the requests';
COMMENT ON COLUMN dpmeta.idempotency_stats.keys IS 'how many are kept';
COMMENT ON COLUMN dpmeta.idempotency_stats.expired IS
	'of these, how many are past their time and wait to be removed by writes or purge_idempotency_keys()';
COMMENT ON COLUMN dpmeta.idempotency_stats.oldest_at IS 'when the oldest was made';
COMMENT ON COLUMN dpmeta.idempotency_stats.newest_at IS 'when the newest was made';
COMMENT ON COLUMN dpmeta.idempotency_stats.changes_bytes IS 'what their lists of changes take, as they are stored';
COMMENT ON COLUMN dpmeta.idempotency_stats.total_bytes IS
	'what all answers that are kept, of both rows, take on disk with their indexes';

/*
 * A row and its entries in indexes take some 220 bytes beside its changes.  What
 * the log takes is shared out by that, so that the months add up to it.
 */
CREATE VIEW dpmeta.log_months AS
	SELECT m.month, m.events, m.versions, m.deletions, m.others,
		(m.weight / sum(m.weight) OVER () * l.bytes)::bigint AS bytes,
		m.oldest_at, m.newest_at
	FROM (
		SELECT (date_trunc('month', e.occurred_at AT TIME ZONE 'UTC'))::date AS month,
			count(*) AS events,
			count(*) FILTER (WHERE e.kind IN ('initial', 'minor', 'major')) AS versions,
			count(*) FILTER (WHERE e.kind IN ('deletion', 'restoration')) AS deletions,
			count(*) FILTER (WHERE e.kind = 'none') AS others,
			sum(220 + pg_column_size(e.changes))::numeric AS weight,
			min(e.occurred_at) AS oldest_at,
			max(e.occurred_at) AS newest_at
		FROM dpmeta.event e
		GROUP BY 1
	) m
	CROSS JOIN (
		SELECT pg_total_relation_size(c.oid) AS bytes
		FROM pg_class c
		WHERE c.oid = 'dpmeta.event'::regclass
	) l;

COMMENT ON VIEW dpmeta.log_months IS
	'how the log grows: one row for each month (UTC) in which something happened';
COMMENT ON COLUMN dpmeta.log_months.month IS 'first day of the month, in UTC';
COMMENT ON COLUMN dpmeta.log_months.events IS 'events of the month';
COMMENT ON COLUMN dpmeta.log_months.versions IS 'of these, how many made a version';
COMMENT ON COLUMN dpmeta.log_months.deletions IS 'of these, how many deleted, restored or purged';
COMMENT ON COLUMN dpmeta.log_months.others IS
	'of these, how many neither made nor deleted anything: reports of loads, sunset dates';
COMMENT ON COLUMN dpmeta.log_months.bytes IS
	'their share of what the log takes on disk with its indexes, by the sizes of the rows';
COMMENT ON COLUMN dpmeta.log_months.oldest_at IS 'time of the month''s first event';
COMMENT ON COLUMN dpmeta.log_months.newest_at IS 'time of the month''s last event';
