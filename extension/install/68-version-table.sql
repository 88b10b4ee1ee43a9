/*
 * What the views are made of.  An update has this very file.
 */

/*
 * Versions are text in the views, because every tool knows text.  In this
 * order v1.10 comes after v1.9.  It needs ICU, which is not to be had in every
 * build, nor in a database with an encoding like SQL_ASCII.  There, the order
 * is that of bytes, and whoever wants that of versions sorts by major and
 * minor.
 */
DO $$
BEGIN
	CREATE COLLATION dpmeta.version_order (provider = icu, locale = 'und-u-kn');
EXCEPTION WHEN feature_not_supported THEN
	CREATE COLLATION dpmeta.version_order (provider = libc, locale = 'C');
END
$$;

COMMENT ON COLLATION dpmeta.version_order IS
	'order of the IDs and versions in the views: numbers by their value, so v1.10 after v1.9';

CREATE FUNCTION dpmeta.full_id_text(name text, version dpmeta.dpversion) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.full_id_text(name text, version dpmeta.dpversion, table_name text)
	RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.version_text(version dpmeta.dpversion) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.id_text_name(id text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.id_text_names(ids text[]) RETURNS text[]
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.id_text_version(id text) RETURNS dpmeta.dpversion
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.id_text_table(id text) RETURNS text
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.text_version(version text) RETURNS dpmeta.dpversion
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

/*
 * A view has this beside its joins.  It is true.  The planner is told to put
 * there what conditions on the view's id and version say of these parts, which
 * have indexes.
 */
CREATE FUNCTION dpmeta.found_by_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.found_by(name text, version dpmeta.dpversion) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE SUPPORT dpmeta.found_by_support;

CREATE FUNCTION dpmeta.found_by(name text, version dpmeta.dpversion, table_name text)
	RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE SUPPORT dpmeta.found_by_support;

COMMENT ON FUNCTION dpmeta.full_id_text(text, dpmeta.dpversion) IS
	'private: the ID of a version in the views';
COMMENT ON FUNCTION dpmeta.full_id_text(text, dpmeta.dpversion, text) IS
	'private: the ID of a table in the views';
COMMENT ON FUNCTION dpmeta.version_text(dpmeta.dpversion) IS 'private: a version in the views';
COMMENT ON FUNCTION dpmeta.id_text_name(text) IS 'private: the name in the text of a fully versioned ID; NULL if it is none';
COMMENT ON FUNCTION dpmeta.id_text_names(text[]) IS 'private: the names in those texts that are fully versioned IDs';
COMMENT ON FUNCTION dpmeta.id_text_version(text) IS 'private: the version in the text of a fully versioned ID; NULL if it is none';
COMMENT ON FUNCTION dpmeta.id_text_table(text) IS 'private: the table in the text of a fully versioned ID; NULL if it has none';
COMMENT ON FUNCTION dpmeta.text_version(text) IS 'private: the version that a text is; NULL if it is none';
COMMENT ON FUNCTION dpmeta.found_by_support(internal) IS
	'planner support of found_by(): what conditions on an ID or a version say of their parts';
COMMENT ON FUNCTION dpmeta.found_by(text, dpmeta.dpversion) IS
	'private: true; in a view, the place for conditions on the parts of the ID of a version';
COMMENT ON FUNCTION dpmeta.found_by(text, dpmeta.dpversion, text) IS
	'private: true; in a view, the place for conditions on the parts of the ID of a table';

-- The views show text.  Without this, major() of one would be that of an ID or
-- of a version, and PostgreSQL would not know of which.
CREATE FUNCTION dpmeta.major(version text) RETURNS integer
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN CASE WHEN pg_catalog.starts_with(version, 'dp:') THEN dpmeta.major(version::dpmeta.dpid)
		ELSE dpmeta.major(version::dpmeta.dpversion) END;

COMMENT ON FUNCTION dpmeta.major(text) IS
	'major part of a version, or of an ID, that is given as text: 1 of v1.4';

/*
 * Which tables a live version holds, for the views here.  The rule is that of
 * version_tables(), which they cannot call: a function reads with its
 * caller's rights.  At the head of the trunk the open ranges hold;
 * elsewhere a range of the version's branch goes before the trunk's.
 */
CREATE OR REPLACE VIEW dpmeta.version_table AS
	SELECT p.product_id, p.name, v.version,
		p.current IS NOT NULL AND v.version = p.current AS is_current,
		r.table_name, r.since, r.table_schema_id, v.metadata
	FROM dpmeta.product p
	JOIN dpmeta.product_version v ON v.product_id = p.product_id
	CROSS JOIN LATERAL (
		SELECT o.table_name, o.since, o.table_schema_id
		FROM dpmeta.table_range o
		WHERE o.product_id = v.product_id
			AND o.branch = 0
			AND o.until IS NULL
			AND v.version = p.trunk
		UNION ALL
		SELECT h.table_name, h.since, h.table_schema_id
		FROM (
			SELECT DISTINCT ON (b.table_name)
				b.table_name, b.since, b.table_schema_id
			FROM dpmeta.table_range b
			WHERE b.product_id = v.product_id
				AND v.version <> p.trunk
				AND (b.branch = 0
					 AND b.since <= v.trunk
					 AND (b.until IS NULL OR b.until > v.trunk)
					 OR b.branch = dpmeta.major(v.version)
					 AND v.version <> v.trunk
					 AND b.since <= v.version
					 AND (b.until IS NULL OR b.until > v.version))
			ORDER BY b.table_name, b.branch DESC
		) h
		WHERE h.table_schema_id IS NOT NULL
	) r
	WHERE v.deleted_at IS NULL;

COMMENT ON VIEW dpmeta.version_table IS
	'private: one row for each table of each live version, for the views that readers see';
COMMENT ON COLUMN dpmeta.version_table.product_id IS 'data product';
COMMENT ON COLUMN dpmeta.version_table.name IS 'its name';
COMMENT ON COLUMN dpmeta.version_table.version IS 'live version';
COMMENT ON COLUMN dpmeta.version_table.is_current IS 'whether that is the newest live one';
COMMENT ON COLUMN dpmeta.version_table.table_name IS 'name of a table of it';
COMMENT ON COLUMN dpmeta.version_table.since IS 'version from which on the table is as it is in this one';
COMMENT ON COLUMN dpmeta.version_table.table_schema_id IS 'the table''s schema';
COMMENT ON COLUMN dpmeta.version_table.metadata IS 'metadata of the version';
