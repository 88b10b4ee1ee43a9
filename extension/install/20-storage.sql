/*
 * The base tables.  They are private: views and functions are the interface.
 *
 * A product's versions form a trunk and branches.  On the trunk lies every
 * version of what was the newest major when it was made; a version made later
 * in an older major lies on that major's branch, which leaves the trunk at
 * the last trunk version of the major (its "trunk" column).  A table's schema
 * holds over a range of versions on the trunk, or of one branch, so that a
 * version costs rows for the tables that it changed and none for the others,
 * be it a minor or a major one.
 */

CREATE TABLE dpmeta.product (
	product_id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name			text COLLATE "C" NOT NULL UNIQUE,
	current			dpmeta.dpversion,
	trunk			dpmeta.dpversion NOT NULL,
	registered_at	timestamptz NOT NULL,
	changed_at		timestamptz NOT NULL,
	deleted_at		timestamptz,
	retired_at		timestamptz,
	sunset			date,
	domain			text COLLATE "C" NOT NULL,
	status			text COLLATE "C" NOT NULL,
	owner			text COLLATE "C" NOT NULL,
	tags			jsonb NOT NULL,
	search			tsvector NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX product_domain_idx ON dpmeta.product (domain, name);
CREATE INDEX product_status_idx ON dpmeta.product (status, name);
-- an owner may be longer than a btree takes
CREATE INDEX product_owner_idx ON dpmeta.product USING hash (owner);
CREATE INDEX product_tags_idx ON dpmeta.product USING gin (tags jsonb_path_ops);
CREATE INDEX product_search_idx ON dpmeta.product USING gin (search);

COMMENT ON TABLE dpmeta.product IS
	'private: one row for each name ever registered; its lock is the product''s lock';
COMMENT ON COLUMN dpmeta.product.current IS 'newest live version; NULL when none is live';
COMMENT ON COLUMN dpmeta.product.trunk IS
	'last version on the trunk, dead or alive: its major is the highest that the product ever had';
COMMENT ON COLUMN dpmeta.product.registered_at IS 'when the name was last registered';
COMMENT ON COLUMN dpmeta.product.changed_at IS 'time of the last event; the next one''s is later';
COMMENT ON COLUMN dpmeta.product.deleted_at IS 'when the last live version was deleted; NULL while one is live';
COMMENT ON COLUMN dpmeta.product.retired_at IS 'since when the current version''s status is retired';
COMMENT ON COLUMN dpmeta.product.status IS 'a copy of the current version''s, or the last one''s; empty once it was purged';
COMMENT ON COLUMN dpmeta.product.search IS
	'what q searches, of very long texts the first 37,500 characters; with domain, status, owner and tags a copy of the current version''s, for indexes';

CREATE TABLE dpmeta.product_version (
	product_id		bigint NOT NULL REFERENCES dpmeta.product,
	version			dpmeta.dpversion NOT NULL,
	trunk			dpmeta.dpversion NOT NULL,
	created_at		timestamptz NOT NULL,
	deleted_at		timestamptz,
	facts_revision	integer NOT NULL DEFAULT 0,
	metadata		jsonb NOT NULL,
	facts			jsonb NOT NULL DEFAULT '{}',
	document		json NOT NULL,
	PRIMARY KEY (product_id, version)
);

COMMENT ON TABLE dpmeta.product_version IS 'private: one row for each version of a product';
COMMENT ON COLUMN dpmeta.product_version.trunk IS
	'the trunk version whose tables this one starts from: itself on the trunk, else where its branch leaves';
COMMENT ON COLUMN dpmeta.product_version.facts_revision IS 'how often facts were reported; part of the entity tag';
COMMENT ON COLUMN dpmeta.product_version.metadata IS 'the members that its writer gave, all present';
COMMENT ON COLUMN dpmeta.product_version.facts IS
	'what pipelines report: lastUpdated, dpiaLocation, s3Location, rowCount; carried on by the next version';
COMMENT ON COLUMN dpmeta.product_version.document IS 'ready to send but for "schemas", which is put in on read';

CREATE TABLE dpmeta.table_schema (
	table_schema_id	bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	product_id		bigint NOT NULL REFERENCES dpmeta.product,
	definition		jsonb NOT NULL,
	document		json NOT NULL
);

CREATE INDEX table_schema_product_idx ON dpmeta.table_schema (product_id);

COMMENT ON TABLE dpmeta.table_schema IS
	'private: one row for each distinct revision of a table''s schema, shared by all versions that hold it';
COMMENT ON COLUMN dpmeta.table_schema.definition IS 'tableDescription and columns, types in canonical spelling';
COMMENT ON COLUMN dpmeta.table_schema.document IS 'the same, ready to send but for id and dataProduct';

CREATE TABLE dpmeta.table_range (
	product_id		bigint NOT NULL,
	table_name		text COLLATE "C" NOT NULL,
	branch			integer NOT NULL,
	since			dpmeta.dpversion NOT NULL,
	until			dpmeta.dpversion,
	table_schema_id	bigint REFERENCES dpmeta.table_schema,
	PRIMARY KEY (product_id, table_name, branch, since)
);

CREATE INDEX table_range_open_idx ON dpmeta.table_range (product_id, branch, table_name)
	INCLUDE (table_schema_id) WHERE until IS NULL;
-- for the foreign key: a purge asks it of each revision
CREATE INDEX table_range_schema_idx ON dpmeta.table_range (table_schema_id);

COMMENT ON TABLE dpmeta.table_range IS 'private: which revision of a table holds from which version on';
COMMENT ON COLUMN dpmeta.table_range.branch IS '0 on the trunk, else the major whose branch this is; a branch overrides its trunk';
COMMENT ON COLUMN dpmeta.table_range.until IS 'the version from which on it no longer holds; NULL while it does';
COMMENT ON COLUMN dpmeta.table_range.table_schema_id IS 'NULL on a branch: the trunk has the table and the branch has not';

CREATE TABLE dpmeta.event (
	event_id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	transaction_id	xid8 NOT NULL DEFAULT pg_catalog.pg_current_xact_id(),
	occurred_at		timestamptz NOT NULL,
	product_id		bigint NOT NULL REFERENCES dpmeta.product,
	action			text NOT NULL,
	table_name		text COLLATE "C",
	from_version	dpmeta.dpversion,
	to_version		dpmeta.dpversion,
	kind			text NOT NULL,
	actor			text NOT NULL,
	session_role	text NOT NULL DEFAULT session_user,
	changes			jsonb NOT NULL
);

CREATE INDEX event_product_idx ON dpmeta.event (product_id, event_id);
-- Which event made a version: exactly one did.
CREATE UNIQUE INDEX event_version_idx ON dpmeta.event (product_id, to_version)
	WHERE kind IN ('initial', 'minor', 'major');
CREATE INDEX event_transaction_idx ON dpmeta.event (transaction_id, event_id);
CREATE INDEX event_occurred_idx ON dpmeta.event (occurred_at);

COMMENT ON TABLE dpmeta.event IS 'private: the append-only log that history, audit and followers read';
COMMENT ON COLUMN dpmeta.event.transaction_id IS 'the transaction that brought the event into this database, be it by a restore';
COMMENT ON COLUMN dpmeta.event.action IS
	'register, update, patch, sync, put-contract, prune-contract, register-schema, update-schema, patch-schema, delete-schema, delete, restore, report, set-sunset, put-consumer, delete-consumer, purge';
COMMENT ON COLUMN dpmeta.event.from_version IS 'the version that was started from, or was current before';
COMMENT ON COLUMN dpmeta.event.to_version IS 'the version that was made, or is current after';
COMMENT ON COLUMN dpmeta.event.kind IS 'initial, minor, major, deletion, restoration, or none where no version was made';

CREATE TABLE dpmeta.idempotency_key (
	digest			bytea PRIMARY KEY,
	request			bytea NOT NULL,
	automatic		boolean NOT NULL,
	created_at		timestamptz NOT NULL,
	product_id		bigint NOT NULL REFERENCES dpmeta.product,
	version			dpmeta.dpversion NOT NULL,
	table_name		text COLLATE "C",
	kind			text NOT NULL,
	changes			jsonb NOT NULL
);

CREATE INDEX idempotency_key_created_idx ON dpmeta.idempotency_key (created_at);
-- for a purge, which removes a product's answers
CREATE INDEX idempotency_key_product_idx ON dpmeta.idempotency_key (product_id);

COMMENT ON TABLE dpmeta.idempotency_key IS 'private: the answers that a repeated request replays';
COMMENT ON COLUMN dpmeta.idempotency_key.digest IS 'SHA-256 of the caller and the key, or of the caller and the whole request';
COMMENT ON COLUMN dpmeta.idempotency_key.request IS 'SHA-256 of the request, by which a key''s use for another one is known';

SELECT pg_catalog.pg_extension_config_dump('dpmeta.product', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.product_product_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.product_version', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.table_schema', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.table_schema_table_schema_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.table_range', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.event', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.event_event_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.idempotency_key', '');

/*
 * Which revision of a table a version holds: no row when the table was not
 * there.  The newest range that began at or before the version is the only
 * one that can hold it.
 *
 * The body is text because it sorts by one of our types.  pg_upgrade restores
 * functions before operator classes, and a parsed body would need those.  So
 * every operator has its schema here, whatever the caller's search_path is.
 */
CREATE FUNCTION dpmeta.table_at(product_id bigint, table_name text,
								version dpmeta.dpversion, trunk dpmeta.dpversion)
	RETURNS TABLE (table_schema_id bigint)
	LANGUAGE sql STABLE PARALLEL SAFE
AS $$
	SELECT r.table_schema_id
	FROM (
		(SELECT b.table_schema_id, b.until, 1 AS rank
		 FROM dpmeta.table_range b
		 WHERE b.product_id OPERATOR(pg_catalog.=) table_at.product_id
			AND b.table_name OPERATOR(pg_catalog.=) table_at.table_name
			AND b.branch OPERATOR(pg_catalog.=) dpmeta.major(table_at.version)
			AND b.since OPERATOR(dpmeta.<=) table_at.version
			AND table_at.trunk OPERATOR(dpmeta.<>) table_at.version
		 ORDER BY b.since DESC LIMIT 1)
		UNION ALL
		(SELECT t.table_schema_id, t.until, 2
		 FROM dpmeta.table_range t
		 WHERE t.product_id OPERATOR(pg_catalog.=) table_at.product_id
			AND t.table_name OPERATOR(pg_catalog.=) table_at.table_name
			AND t.branch OPERATOR(pg_catalog.=) 0
			AND t.since OPERATOR(dpmeta.<=) table_at.trunk
		 ORDER BY t.since DESC LIMIT 1)
	) r
	WHERE r.until IS NULL
		OR r.until OPERATOR(dpmeta.>)
			CASE WHEN r.rank OPERATOR(pg_catalog.=) 1 THEN table_at.version ELSE table_at.trunk END
	ORDER BY r.rank LIMIT 1
$$;

/*
 * The tables of one version.  Called with the product's row and the version's;
 * it is inlined, and of its two arms only the one that applies is executed.
 * At the head of the trunk these are the open ranges; elsewhere, for each
 * name that the product ever had, the range that holds the version, a
 * branch's before the trunk's.
 */
CREATE FUNCTION dpmeta.version_tables(product_id bigint, version dpmeta.dpversion,
									  trunk dpmeta.dpversion, head dpmeta.dpversion)
	RETURNS TABLE (table_name text, table_schema_id bigint)
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT r.table_name, r.table_schema_id
	FROM dpmeta.table_range r
	WHERE r.product_id = version_tables.product_id AND r.branch = 0 AND r.until IS NULL
		AND version_tables.version = version_tables.head
	UNION ALL
	SELECT n.table_name, found.table_schema_id
	FROM (
		WITH RECURSIVE names AS (
			(SELECT r.table_name
			 FROM dpmeta.table_range r
			 WHERE r.product_id = version_tables.product_id
			 ORDER BY r.table_name LIMIT 1)
			UNION ALL
			SELECT (SELECT r.table_name
					FROM dpmeta.table_range r
					WHERE r.product_id = version_tables.product_id
						AND r.table_name > names.table_name
					ORDER BY r.table_name LIMIT 1)
			FROM names
			WHERE names.table_name IS NOT NULL
		)
		SELECT names.table_name FROM names WHERE names.table_name IS NOT NULL
	) n
	CROSS JOIN LATERAL dpmeta.table_at(version_tables.product_id, n.table_name,
									   version_tables.version, version_tables.trunk) found
	WHERE version_tables.version <> version_tables.head
		AND found.table_schema_id IS NOT NULL;
END;

COMMENT ON FUNCTION dpmeta.table_at(bigint, text, dpmeta.dpversion, dpmeta.dpversion) IS
	'private: which revision of a table a version holds';
COMMENT ON FUNCTION dpmeta.version_tables(bigint, dpmeta.dpversion, dpmeta.dpversion, dpmeta.dpversion) IS
	'private: the tables of one version';
