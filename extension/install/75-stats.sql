/*
 * The platform's health in figures: views for SQL users who want rows.  Days
 * are UTC's, so that a figure does not depend on who asks.
 */

CREATE VIEW dpmeta.domain_stats AS
	SELECT p.domain,
		count(*) AS products,
		count(*) FILTER (WHERE p.status = 'draft') AS draft,
		count(*) FILTER (WHERE p.status = 'published') AS published,
		count(*) FILTER (WHERE p.status = 'retired') AS retired
	FROM dpmeta.product p
	WHERE p.current IS NOT NULL
	GROUP BY p.domain;

COMMENT ON VIEW dpmeta.domain_stats IS 'one row for each domain that has live data products';
COMMENT ON COLUMN dpmeta.domain_stats.domain IS 'domain';
COMMENT ON COLUMN dpmeta.domain_stats.products IS 'number of live data products';
COMMENT ON COLUMN dpmeta.domain_stats.draft IS 'how many of them are drafts';
COMMENT ON COLUMN dpmeta.domain_stats.published IS 'how many of them are published';
COMMENT ON COLUMN dpmeta.domain_stats.retired IS 'how many of them are retired';

CREATE VIEW dpmeta.daily_stats AS
	SELECT (e.occurred_at AT TIME ZONE 'UTC')::date AS day,
		count(*) FILTER (WHERE e.kind IN ('initial', 'minor', 'major')) AS versions,
		count(*) FILTER (WHERE e.kind = 'initial') AS initial,
		count(*) FILTER (WHERE e.kind = 'minor') AS minor,
		count(*) FILTER (WHERE e.kind = 'major') AS major,
		count(*) FILTER (WHERE e.kind = 'deletion') AS deletions,
		count(*) FILTER (WHERE e.kind = 'restoration') AS restorations,
		count(DISTINCT e.product_id) AS products,
		count(DISTINCT e.actor) AS actors
	FROM dpmeta.event e
	GROUP BY 1;

COMMENT ON VIEW dpmeta.daily_stats IS 'one row for each day (UTC) on which something happened';
COMMENT ON COLUMN dpmeta.daily_stats.day IS 'day, in UTC';
COMMENT ON COLUMN dpmeta.daily_stats.versions IS 'versions made';
COMMENT ON COLUMN dpmeta.daily_stats.initial IS 'of these, first versions of newly registered data products';
COMMENT ON COLUMN dpmeta.daily_stats.minor IS 'of these, compatible changes';
COMMENT ON COLUMN dpmeta.daily_stats.major IS 'of these, breaking changes';
COMMENT ON COLUMN dpmeta.daily_stats.deletions IS 'deletions of data products or versions';
COMMENT ON COLUMN dpmeta.daily_stats.restorations IS 'deletions undone';
COMMENT ON COLUMN dpmeta.daily_stats.products IS 'data products that something happened to';
COMMENT ON COLUMN dpmeta.daily_stats.actors IS 'how many people, services or roles did it';

CREATE VIEW dpmeta.actor_stats AS
	SELECT e.actor,
		count(*) AS events,
		count(*) FILTER (WHERE e.kind IN ('initial', 'minor', 'major')) AS versions,
		count(*) FILTER (WHERE e.kind = 'major') AS major,
		count(DISTINCT e.product_id) AS products,
		min(e.occurred_at) AS first_at,
		max(e.occurred_at) AS last_at
	FROM dpmeta.event e
	GROUP BY e.actor;

COMMENT ON VIEW dpmeta.actor_stats IS 'one row for each person, service or role that ever wrote';
COMMENT ON COLUMN dpmeta.actor_stats.actor IS 'a token''s subject or a database role';
COMMENT ON COLUMN dpmeta.actor_stats.events IS 'what it did, in all';
COMMENT ON COLUMN dpmeta.actor_stats.versions IS 'versions that it made';
COMMENT ON COLUMN dpmeta.actor_stats.major IS 'of these, breaking changes';
COMMENT ON COLUMN dpmeta.actor_stats.products IS 'data products that it wrote to';
COMMENT ON COLUMN dpmeta.actor_stats.first_at IS 'when it first wrote';
COMMENT ON COLUMN dpmeta.actor_stats.last_at IS 'when it last wrote';

CREATE VIEW dpmeta.column_type_stats AS
	SELECT c.type AS column_type,
		count(*) AS columns,
		count(*) FILTER (WHERE c.description = '') AS undescribed
	FROM dpmeta.version_table t
	JOIN dpmeta.table_schema s ON s.table_schema_id = t.table_schema_id
	CROSS JOIN LATERAL pg_catalog.jsonb_to_recordset(s.definition->'columns')
		c(type text COLLATE "C", description text)
	WHERE t.is_current
	GROUP BY c.type;

COMMENT ON VIEW dpmeta.column_type_stats IS 'one row for each column type in use by the newest versions';
COMMENT ON COLUMN dpmeta.column_type_stats.column_type IS 'type, in canonical spelling';
COMMENT ON COLUMN dpmeta.column_type_stats.columns IS 'number of columns of this type';
COMMENT ON COLUMN dpmeta.column_type_stats.undescribed IS 'how many of them have an empty description';
