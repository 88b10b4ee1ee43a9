/*
 * The views that analysts read.  They run with their owner's rights, so that
 * the base tables stay private; they hide no rows from those who may read
 * them, so none of them is a security barrier.
 *
 * Joins are written so that a condition on a name, a version, an ID, a domain
 * or is_current reaches the index of the base table.
 *
 * IDs, versions and column types are of PostgreSQL's own type text, so that
 * any tool can compare and sort them without a search path, and read them on a
 * server without dpmeta.  An update has this very file.
 */

CREATE VIEW dpmeta.data_products AS
	SELECT dpmeta.full_id_text(p.name, v.version) COLLATE dpmeta.version_order AS id,
		p.name AS data_product,
		p.name,
		dpmeta.version_text(v.version) COLLATE dpmeta.version_order AS version,
		dpmeta.major(v.version) AS major,
		dpmeta.minor(v.version) AS minor,
		v.metadata->>'description' AS description,
		p.domain,
		p.owner AS data_product_owner,
		v.metadata->>'dataProductOwnerDisplayName' AS data_product_owner_display_name,
		v.metadata->>'dataProductMaintainer' AS data_product_maintainer,
		v.metadata->>'dataProductMaintainerDisplayName' AS data_product_maintainer_display_name,
		v.metadata->>'email' AS email,
		p.status,
		(v.metadata->>'retentionPeriod')::integer AS retention_period,
		(v.metadata->>'dpiaRequired')::boolean AS dpia_required,
		p.tags,
		p.registered_at,
		v.created_at AS version_created_at,
		p.retired_at,
		p.sunset,
		(v.facts->>'lastUpdated')::timestamptz AS last_updated,
		v.facts->>'dpiaLocation' AS dpia_location,
		v.facts->>'s3Location' AS s3_location,
		(v.facts->>'rowCount')::bigint AS row_count,
		(SELECT count(*)
		 FROM dpmeta.version_table t
		 WHERE t.product_id = p.product_id AND t.version = v.version) AS table_count
	FROM dpmeta.product p
	JOIN dpmeta.product_version v
		ON v.product_id = p.product_id AND v.version = p.current
	WHERE dpmeta.found_by(p.name, v.version);

COMMENT ON VIEW dpmeta.data_products IS
	'one row for each live data product, as its newest live version says';
COMMENT ON COLUMN dpmeta.data_products.id IS 'fully versioned ID';
COMMENT ON COLUMN dpmeta.data_products.data_product IS 'name, as the other views call it';
COMMENT ON COLUMN dpmeta.data_products.name IS 'name, which never changes';
COMMENT ON COLUMN dpmeta.data_products.version IS 'newest live version';
COMMENT ON COLUMN dpmeta.data_products.major IS 'major part of the version, a number';
COMMENT ON COLUMN dpmeta.data_products.minor IS 'minor part of the version, a number';
COMMENT ON COLUMN dpmeta.data_products.description IS 'what the data product is';
COMMENT ON COLUMN dpmeta.data_products.domain IS 'domain that it belongs to';
COMMENT ON COLUMN dpmeta.data_products.data_product_owner IS 'who owns it and is notified, usually an email address';
COMMENT ON COLUMN dpmeta.data_products.data_product_owner_display_name IS 'the owner''s name for people to read';
COMMENT ON COLUMN dpmeta.data_products.data_product_maintainer IS 'who may approve access requests, or NULL';
COMMENT ON COLUMN dpmeta.data_products.data_product_maintainer_display_name IS 'the maintainer''s name for people to read, or NULL';
COMMENT ON COLUMN dpmeta.data_products.email IS 'contact point';
COMMENT ON COLUMN dpmeta.data_products.status IS 'draft, published or retired';
COMMENT ON COLUMN dpmeta.data_products.retention_period IS 'for how many days its data is kept';
COMMENT ON COLUMN dpmeta.data_products.dpia_required IS 'whether a data protection impact assessment is needed';
COMMENT ON COLUMN dpmeta.data_products.tags IS 'object of string to string; tags @> ''{"key": "value"}'' uses an index';
COMMENT ON COLUMN dpmeta.data_products.registered_at IS 'when its name was registered, the last time if it was deleted between';
COMMENT ON COLUMN dpmeta.data_products.version_created_at IS 'when this version was made: the last change to metadata or tables';
COMMENT ON COLUMN dpmeta.data_products.retired_at IS 'since when its status is retired; NULL if it is not';
COMMENT ON COLUMN dpmeta.data_products.sunset IS 'day after which it may go away; NULL if none is set';
COMMENT ON COLUMN dpmeta.data_products.last_updated IS 'last data load that a pipeline reported';
COMMENT ON COLUMN dpmeta.data_products.dpia_location IS 'where the data protection impact assessment is, as reported';
COMMENT ON COLUMN dpmeta.data_products.s3_location IS 'where the data is, as reported';
COMMENT ON COLUMN dpmeta.data_products.row_count IS 'number of rows of data, as reported';
COMMENT ON COLUMN dpmeta.data_products.table_count IS 'number of tables of this version';

CREATE VIEW dpmeta.data_product_versions AS
	SELECT dpmeta.full_id_text(p.name, v.version) COLLATE dpmeta.version_order AS id,
		p.name AS data_product,
		dpmeta.version_text(v.version) COLLATE dpmeta.version_order AS version,
		dpmeta.major(v.version) AS major,
		dpmeta.minor(v.version) AS minor,
		p.current IS NOT NULL AND v.version = p.current AS is_current,
		v.deleted_at IS NULL AS is_live,
		v.created_at,
		v.deleted_at,
		(SELECT min(y.valid_from)
		 FROM dpmeta.validity y
		 WHERE y.product_id = v.product_id AND y.version = v.version) AS valid_from,
		(SELECT CASE WHEN bool_and(y.valid_until IS NOT NULL) THEN max(y.valid_until) END
		 FROM dpmeta.validity y
		 WHERE y.product_id = v.product_id AND y.version = v.version) AS valid_until,
		e.actor AS created_by,
		e.action,
		e.kind,
		dpmeta.version_text(e.from_version) COLLATE dpmeta.version_order AS base_version,
		pg_catalog.jsonb_array_length(e.changes) AS change_count,
		e.changes,
		v.metadata->>'description' AS description,
		v.metadata->>'domain' AS domain,
		v.metadata->>'status' AS status,
		v.metadata->>'dataProductOwner' AS data_product_owner,
		v.metadata,
		CASE WHEN v.deleted_at IS NULL THEN
			(SELECT count(*)
			 FROM dpmeta.version_table t
			 WHERE t.product_id = p.product_id AND t.version = v.version)
		END AS table_count
	FROM dpmeta.product p
	JOIN dpmeta.product_version v ON v.product_id = p.product_id
	LEFT JOIN dpmeta.event e
		ON e.product_id = v.product_id
		AND e.to_version = v.version
		AND e.kind IN ('initial', 'minor', 'major')
	WHERE dpmeta.found_by(p.name, v.version);

COMMENT ON VIEW dpmeta.data_product_versions IS
	'one row for each version of each data product, deleted ones too: who made it, when, from which, and what changed';
COMMENT ON COLUMN dpmeta.data_product_versions.id IS 'fully versioned ID';
COMMENT ON COLUMN dpmeta.data_product_versions.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.data_product_versions.version IS 'version; ordered by number, v1.10 after v1.9';
COMMENT ON COLUMN dpmeta.data_product_versions.major IS 'major part of the version, a number';
COMMENT ON COLUMN dpmeta.data_product_versions.minor IS 'minor part of the version, a number';
COMMENT ON COLUMN dpmeta.data_product_versions.is_current IS 'whether it is the newest live version';
COMMENT ON COLUMN dpmeta.data_product_versions.is_live IS 'whether it is not deleted';
COMMENT ON COLUMN dpmeta.data_product_versions.created_at IS 'when it was made';
COMMENT ON COLUMN dpmeta.data_product_versions.deleted_at IS 'when it was deleted; NULL while it is live';
COMMENT ON COLUMN dpmeta.data_product_versions.valid_from IS 'when it first became current: the newest live version; NULL if it never did. The view data_product_history has each time of one that was deleted and restored';
COMMENT ON COLUMN dpmeta.data_product_versions.valid_until IS 'when it ceased to be current, the last time; NULL while it is';
COMMENT ON COLUMN dpmeta.data_product_versions.created_by IS 'who made it: a token''s subject or a database role';
COMMENT ON COLUMN dpmeta.data_product_versions.action IS 'what made it, such as register, update or delete-schema';
COMMENT ON COLUMN dpmeta.data_product_versions.kind IS 'initial, minor (compatible) or major (breaking)';
COMMENT ON COLUMN dpmeta.data_product_versions.base_version IS 'version that it was made from; NULL for a first one';
COMMENT ON COLUMN dpmeta.data_product_versions.change_count IS 'number of changes against the base version';
COMMENT ON COLUMN dpmeta.data_product_versions.changes IS 'array of the changes; the view changes has them as rows';
COMMENT ON COLUMN dpmeta.data_product_versions.description IS 'what the data product is, as this version says';
COMMENT ON COLUMN dpmeta.data_product_versions.domain IS 'domain, as this version says';
COMMENT ON COLUMN dpmeta.data_product_versions.status IS 'draft, published or retired, as this version says';
COMMENT ON COLUMN dpmeta.data_product_versions.data_product_owner IS 'owner, as this version says';
COMMENT ON COLUMN dpmeta.data_product_versions.metadata IS 'all members that the version''s writer gave';
COMMENT ON COLUMN dpmeta.data_product_versions.table_count IS 'number of tables; NULL when the version is deleted';

CREATE VIEW dpmeta.schemas AS
	SELECT dpmeta.full_id_text(t.name, t.version, t.table_name) COLLATE dpmeta.version_order AS id,
		t.name AS data_product,
		dpmeta.version_text(t.version) COLLATE dpmeta.version_order AS version,
		dpmeta.major(t.version) AS major,
		dpmeta.minor(t.version) AS minor,
		t.is_current,
		t.metadata->>'domain' AS domain,
		t.metadata->>'dataProductOwner' AS data_product_owner,
		t.metadata->>'status' AS status,
		t.table_name,
		s.definition->>'tableDescription' AS description,
		s.column_count,
		s.described_count,
		dpmeta.version_text(t.since) COLLATE dpmeta.version_order AS unchanged_since,
		s.definition->'columns' AS columns,
		coalesce(s.definition->'tags', '{}') AS tags
	FROM dpmeta.version_table t
	JOIN dpmeta.table_schema s
		ON s.product_id = t.product_id AND s.table_schema_id = t.table_schema_id
	WHERE dpmeta.found_by(t.name, t.version, t.table_name);

COMMENT ON VIEW dpmeta.schemas IS
	'one row for each table of each live version; "where is_current" keeps the newest versions';
COMMENT ON COLUMN dpmeta.schemas.id IS 'fully versioned ID of the table';
COMMENT ON COLUMN dpmeta.schemas.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.schemas.version IS 'version of the data product';
COMMENT ON COLUMN dpmeta.schemas.major IS 'major part of the version, a number';
COMMENT ON COLUMN dpmeta.schemas.minor IS 'minor part of the version, a number';
COMMENT ON COLUMN dpmeta.schemas.is_current IS 'whether the version is the newest live one';
COMMENT ON COLUMN dpmeta.schemas.domain IS 'domain of the data product, as this version says';
COMMENT ON COLUMN dpmeta.schemas.data_product_owner IS 'owner of the data product, as this version says';
COMMENT ON COLUMN dpmeta.schemas.status IS 'draft, published or retired, as this version says';
COMMENT ON COLUMN dpmeta.schemas.table_name IS 'name of the table';
COMMENT ON COLUMN dpmeta.schemas.description IS 'what the table is';
COMMENT ON COLUMN dpmeta.schemas.column_count IS 'number of columns';
COMMENT ON COLUMN dpmeta.schemas.described_count IS 'of these, those that have a description';
COMMENT ON COLUMN dpmeta.schemas.unchanged_since IS 'version from which on the table''s schema has been as it is in this one';
COMMENT ON COLUMN dpmeta.schemas.columns IS 'array of the columns; the view columns has them as rows';
COMMENT ON COLUMN dpmeta.schemas.tags IS 'tags of the table: object of string to string';

CREATE VIEW dpmeta.columns AS
	SELECT dpmeta.full_id_text(t.name, t.version, t.table_name) COLLATE dpmeta.version_order AS id,
		t.name AS data_product,
		dpmeta.version_text(t.version) COLLATE dpmeta.version_order AS version,
		dpmeta.major(t.version) AS major,
		dpmeta.minor(t.version) AS minor,
		t.is_current,
		t.metadata->>'domain' AS domain,
		t.metadata->>'dataProductOwner' AS data_product_owner,
		t.metadata->>'status' AS status,
		t.table_name,
		c.ordinality::integer AS ordinal_position,
		c.value->>'name' AS column_name,
		c.value->>'type' AS column_type,
		c.value->>'description' AS description,
		coalesce((c.value->>'required')::boolean, false) AS required,
		coalesce((c.value->>'primaryKey')::boolean, false) AS primary_key,
		coalesce((c.value->>'partition')::boolean, false) AS partition,
		coalesce(c.value->'tags', '{}') AS tags
	FROM dpmeta.version_table t
	JOIN dpmeta.table_schema s
		ON s.product_id = t.product_id AND s.table_schema_id = t.table_schema_id
	CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(s.definition->'columns')
		WITH ORDINALITY c(value, ordinality)
	WHERE dpmeta.found_by(t.name, t.version, t.table_name)
		AND dpmeta.found_by_column(s.definition, c.value->>'name');

COMMENT ON VIEW dpmeta.columns IS
	'one row for each column of each table of each live version; "where is_current" keeps the newest versions';
COMMENT ON COLUMN dpmeta.columns.id IS 'fully versioned ID of the table';
COMMENT ON COLUMN dpmeta.columns.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.columns.version IS 'version of the data product';
COMMENT ON COLUMN dpmeta.columns.major IS 'major part of the version, a number';
COMMENT ON COLUMN dpmeta.columns.minor IS 'minor part of the version, a number';
COMMENT ON COLUMN dpmeta.columns.is_current IS 'whether the version is the newest live one';
COMMENT ON COLUMN dpmeta.columns.domain IS 'domain of the data product, as this version says';
COMMENT ON COLUMN dpmeta.columns.data_product_owner IS 'owner of the data product, as this version says';
COMMENT ON COLUMN dpmeta.columns.status IS 'draft, published or retired, as this version says';
COMMENT ON COLUMN dpmeta.columns.table_name IS 'name of the table';
COMMENT ON COLUMN dpmeta.columns.ordinal_position IS 'position in the table, from 1';
COMMENT ON COLUMN dpmeta.columns.column_name IS 'name of the column';
COMMENT ON COLUMN dpmeta.columns.column_type IS 'Athena or Hive type in canonical spelling; dpmeta.base_type(column_type) gives its name alone';
COMMENT ON COLUMN dpmeta.columns.description IS 'what the column is';
COMMENT ON COLUMN dpmeta.columns.required IS 'whether each row has a value of it';
COMMENT ON COLUMN dpmeta.columns.primary_key IS 'whether it is part of the primary key';
COMMENT ON COLUMN dpmeta.columns.partition IS 'whether the table is partitioned by it';
COMMENT ON COLUMN dpmeta.columns.tags IS 'tags of the column: object of string to string';

CREATE VIEW dpmeta.tags AS
	SELECT dpmeta.full_id_text(p.name, p.current) COLLATE dpmeta.version_order AS id,
		p.name AS data_product,
		t.key,
		t.value
	FROM dpmeta.product p
	CROSS JOIN LATERAL pg_catalog.jsonb_each_text(p.tags) t(key, value)
	WHERE p.current IS NOT NULL AND dpmeta.found_by(p.name, p.current);

COMMENT ON VIEW dpmeta.tags IS 'one row for each tag of each live data product, as its newest live version says';
COMMENT ON COLUMN dpmeta.tags.id IS 'fully versioned ID of the data product';
COMMENT ON COLUMN dpmeta.tags.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.tags.key IS 'key of the tag';
COMMENT ON COLUMN dpmeta.tags.value IS 'value of the tag';

CREATE VIEW dpmeta.events AS
	SELECT e.event_id,
		e.occurred_at,
		p.name AS data_product,
		v.metadata->>'domain' AS domain,
		v.metadata->>'dataProductOwner' AS data_product_owner,
		v.metadata->>'status' AS status,
		e.action,
		e.table_name,
		e.kind,
		dpmeta.version_text(e.from_version) COLLATE dpmeta.version_order AS from_version,
		dpmeta.version_text(e.to_version) COLLATE dpmeta.version_order AS to_version,
		e.actor,
		e.session_role,
		pg_catalog.jsonb_array_length(e.changes) AS change_count,
		e.changes,
		e.transaction_id
	FROM dpmeta.event e
	JOIN dpmeta.product p ON p.product_id = e.product_id
	LEFT JOIN dpmeta.product_version v
		ON v.product_id = e.product_id AND v.version = coalesce(e.to_version, e.from_version);

COMMENT ON VIEW dpmeta.events IS 'everything that happened, one row for each write that changed something: the audit log';
COMMENT ON COLUMN dpmeta.events.event_id IS 'number of the event; grows, with gaps, in no promised order across data products';
COMMENT ON COLUMN dpmeta.events.occurred_at IS 'when; strictly growing within a data product';
COMMENT ON COLUMN dpmeta.events.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.events.domain IS 'domain of the data product, as the version that was made, or else was there before, says; NULL once that is purged';
COMMENT ON COLUMN dpmeta.events.data_product_owner IS 'owner of the data product, as the version that was made, or else was there before, says; NULL once that is purged';
COMMENT ON COLUMN dpmeta.events.status IS 'draft, published or retired, as the version that was made, or else was there before, says; NULL once that is purged';
COMMENT ON COLUMN dpmeta.events.action IS
	'what was done: register, update, patch, sync, put-contract, prune-contract, register-schema, update-schema, patch-schema, delete-schema, delete, restore, report, set-sunset, put-consumer, delete-consumer, purge';
COMMENT ON COLUMN dpmeta.events.table_name IS 'table that it was done to; NULL when to the data product';
COMMENT ON COLUMN dpmeta.events.kind IS 'initial, minor, major, deletion or restoration; none where no version came or went';
COMMENT ON COLUMN dpmeta.events.from_version IS 'version that was started from, or was current before';
COMMENT ON COLUMN dpmeta.events.to_version IS 'version that was made, or is current after';
COMMENT ON COLUMN dpmeta.events.actor IS 'who did it: a token''s subject or a database role';
COMMENT ON COLUMN dpmeta.events.session_role IS 'database role whose session it was';
COMMENT ON COLUMN dpmeta.events.change_count IS 'number of changes';
COMMENT ON COLUMN dpmeta.events.changes IS 'array of the changes; the view changes has them as rows';
COMMENT ON COLUMN dpmeta.events.transaction_id IS
	'the transaction that brought the event into this database; a follower calls follow_events()';

CREATE VIEW dpmeta.changes AS
	SELECT e.event_id,
		e.occurred_at,
		p.name AS data_product,
		v.metadata->>'domain' AS domain,
		v.metadata->>'dataProductOwner' AS data_product_owner,
		v.metadata->>'status' AS status,
		dpmeta.version_text(e.from_version) COLLATE dpmeta.version_order AS from_version,
		dpmeta.version_text(e.to_version) COLLATE dpmeta.version_order AS to_version,
		e.actor,
		c.value->>'kind' AS kind,
		c.value->>'change' AS change,
		c.value->>'table' AS table_name,
		c.value->>'column' AS column_name,
		c.value->>'member' AS member,
		c.value->'from' AS old_value,
		c.value->'to' AS new_value,
		c.value->>'path' AS path
	FROM dpmeta.event e
	JOIN dpmeta.product p ON p.product_id = e.product_id
	LEFT JOIN dpmeta.product_version v
		ON v.product_id = e.product_id AND v.version = coalesce(e.to_version, e.from_version)
	CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(e.changes) c(value);

COMMENT ON VIEW dpmeta.changes IS 'one row for each single change of each event; kind = ''major'' are those that break consumers';
COMMENT ON COLUMN dpmeta.changes.event_id IS 'the event that it was part of';
COMMENT ON COLUMN dpmeta.changes.occurred_at IS 'when';
COMMENT ON COLUMN dpmeta.changes.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.changes.domain IS 'domain of the data product, as the version that was made, or else was there before, says; NULL once that is purged';
COMMENT ON COLUMN dpmeta.changes.data_product_owner IS 'owner of the data product, as the version that was made, or else was there before, says; NULL once that is purged';
COMMENT ON COLUMN dpmeta.changes.status IS 'draft, published or retired, as the version that was made, or else was there before, says; NULL once that is purged';
COMMENT ON COLUMN dpmeta.changes.from_version IS 'version that was changed';
COMMENT ON COLUMN dpmeta.changes.to_version IS 'version that this made';
COMMENT ON COLUMN dpmeta.changes.actor IS 'who did it: a token''s subject or a database role';
COMMENT ON COLUMN dpmeta.changes.kind IS 'minor (compatible) or major (breaking)';
COMMENT ON COLUMN dpmeta.changes.change IS 'what changed, such as column-removed or metadata-changed';
COMMENT ON COLUMN dpmeta.changes.table_name IS 'table that changed; NULL for metadata';
COMMENT ON COLUMN dpmeta.changes.column_name IS 'column that changed; NULL for a whole table or metadata';
COMMENT ON COLUMN dpmeta.changes.member IS 'member of the document that changed, such as email or required; NULL for a whole table or column';
COMMENT ON COLUMN dpmeta.changes.old_value IS 'what it was, where there was something';
COMMENT ON COLUMN dpmeta.changes.new_value IS 'what it is now, where there is something';
COMMENT ON COLUMN dpmeta.changes.path IS
	'where in the type of the column it changed, such as lines.element.sku; NULL when the column changed as a whole';
