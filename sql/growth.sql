-- what grows: kept answers and the log, over a store that holds nothing else
BEGIN;
SET LOCAL search_path = dpmeta, pg_catalog;
SET LOCAL timezone = 'Pacific/Auckland';
SET LOCAL datestyle = 'ISO';
SET LOCAL client_min_messages = warning;
TRUNCATE product CASCADE;

-- an empty store has no month, and answers of no kind
SELECT own, keys, expired, oldest_at, newest_at, changes_bytes, total_bytes > 0 AS has_indexes FROM idempotency_stats ORDER BY own;
TABLE log_months;

INSERT INTO product (name, current, trunk, registered_at, changed_at, domain, status, owner, tags, search)
VALUES ('growth', 'v1.0', 'v1.0', now(), now(), 'HQ', 'draft', 'o', '{}', '');
INSERT INTO idempotency_key (digest, request, automatic, created_at, product_id, version, kind, changes)
SELECT sha256(n::text::bytea), '', n > 2, now() - interval '5 hours' * n, product_id, 'v1.0', 'initial',
	CASE WHEN n > 2 THEN '[]' ELSE '[{"kind": "initial"}]' END::jsonb
FROM product, generate_series(1, 6) n;
SELECT own, keys, expired, now() - oldest_at AS oldest, now() - newest_at AS newest, changes_bytes FROM idempotency_stats ORDER BY own;
-- expired is what would be removed, by the setting, whose unit is its own affair
SELECT idempotency_retention();
SET LOCAL dpmeta.idempotency_retention = '1000min';
SELECT idempotency_retention(), (SELECT sum(expired) FROM idempotency_stats) AS expired;
SELECT purge_idempotency_keys();
SELECT own, keys, expired FROM idempotency_stats ORDER BY own;
SELECT count(DISTINCT total_bytes), min(total_bytes) = pg_total_relation_size('idempotency_key') AS is_all FROM idempotency_stats;

-- a month of UTC's, though it is another one here
INSERT INTO event (occurred_at, product_id, action, kind, to_version, actor, changes)
SELECT e.at::timestamptz, product_id, e.action, e.kind, e.version::dpversion, 'a', jsonb_build_array(repeat(e.at, e.long))
FROM (VALUES ('2026-01-31 23:59:59+00', 'register', 'initial', 'v1.0', 1), ('2026-02-01 00:00:00+00', 'update', 'minor', 'v1.1', 1),
	('2026-02-28 23:00:00+00', 'report', 'none', 'v1.1', 30), ('2026-02-28 23:30:00+00', 'report', 'none', 'v1.1', 30),
	('2026-02-20 00:00:00+00', 'update', 'major', 'v2.0', 1), ('2026-04-01 00:00:00+00', 'delete', 'deletion', NULL, 1),
	('2026-04-02 00:00:00+00', 'restore', 'restoration', 'v2.0', 1)) e(at, action, kind, version, long), product;
SELECT month, events, versions, deletions, others, oldest_at, newest_at FROM log_months ORDER BY month;
SELECT abs(sum(bytes) - pg_total_relation_size('event')) < 4 AS they_add_up,
	array_agg(month ORDER BY bytes DESC) AS by_size FROM log_months;

-- a reader sees the figures
CREATE ROLE dpmeta_test_watcher;
SELECT grant_reader('dpmeta_test_watcher');
SET LOCAL ROLE dpmeta_test_watcher;
SELECT sum(keys) FROM idempotency_stats;
SELECT sum(events) FROM log_months;
ROLLBACK;
