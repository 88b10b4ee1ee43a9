/*
 * What is kept for questions about columns: an index of the names in each
 * definition, how many columns each has, and a list of all names with their
 * types.  An update has this very file.
 */
CREATE FUNCTION dpmeta.column_names(definition jsonb) RETURNS text[]
	AS 'MODULE_PATHNAME', 'dpmeta_column_names' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
	-- a definition is long, and is read from another place
	COST 200;

CREATE FUNCTION dpmeta.count_columns(definition jsonb) RETURNS integer
	AS 'MODULE_PATHNAME', 'dpmeta_count_columns' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.count_described(definition jsonb) RETURNS integer
	AS 'MODULE_PATHNAME', 'dpmeta_count_described' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION dpmeta.column_names(jsonb) IS 'private: the names of the columns in the definition of a table';
COMMENT ON FUNCTION dpmeta.count_columns(jsonb) IS 'private: the number of columns in the definition of a table';
COMMENT ON FUNCTION dpmeta.count_described(jsonb) IS 'private: of the columns in the definition of a table, how many have a description';

ALTER TABLE dpmeta.table_schema
	ADD COLUMN column_count integer NOT NULL
		GENERATED ALWAYS AS (dpmeta.count_columns(definition)) STORED,
	ADD COLUMN described_count integer NOT NULL
		GENERATED ALWAYS AS (dpmeta.count_described(definition)) STORED;
COMMENT ON COLUMN dpmeta.table_schema.column_count IS 'number of columns';
COMMENT ON COLUMN dpmeta.table_schema.described_count IS 'number of columns that have a description';

CREATE INDEX table_schema_names_idx ON dpmeta.table_schema USING gin (dpmeta.column_names(definition))
	-- what is pending is read by every search
	WITH (gin_pending_list_limit = 512);
-- counts without the rows, which are long
CREATE INDEX table_schema_counts_idx ON dpmeta.table_schema (table_schema_id)
	INCLUDE (column_count, described_count);

/*
 * The names and types that there are, each once, or a few times: who adds one does
 * not wait for another who does the same.  So there is no unique index.
 */
CREATE TABLE dpmeta.column_kind (
	name		text COLLATE "C" NOT NULL,
	type		text COLLATE "C" NOT NULL
);
CREATE INDEX column_kind_name_idx ON dpmeta.column_kind (name);
COMMENT ON TABLE dpmeta.column_kind IS
	'private: the names and types of the columns of all versions, each at least once; rows are only added, but for a purge';
COMMENT ON COLUMN dpmeta.column_kind.name IS 'name of a column';
COMMENT ON COLUMN dpmeta.column_kind.type IS 'a type that a column of this name has or had';

CREATE FUNCTION dpmeta.columns_known(definition jsonb) RETURNS boolean
	AS 'MODULE_PATHNAME', 'dpmeta_columns_known' LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION dpmeta.columns_known(jsonb) IS
	'private: whether dpmeta.column_kind has all columns of a definition';

CREATE FUNCTION dpmeta.columns_arrived() RETURNS trigger
	AS 'MODULE_PATHNAME', 'dpmeta_columns_arrived' LANGUAGE C
	SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION dpmeta.columns_arrived() IS
	'private: adds to dpmeta.column_kind what a definition has that is new';

-- what is there before an update
INSERT INTO dpmeta.column_kind (name, type)
	SELECT DISTINCT c.value->>'name', c.value->>'type'
	FROM dpmeta.table_schema s
	CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(
		CASE WHEN pg_catalog.jsonb_typeof(s.definition->'columns') = 'array'
			THEN s.definition->'columns' END) c(value)
	WHERE c.value->>'name' IS NOT NULL AND c.value->>'type' IS NOT NULL;

CREATE TRIGGER columns_arrived
	AFTER INSERT OR UPDATE OF definition ON dpmeta.table_schema
	FOR EACH ROW WHEN (NOT dpmeta.columns_known(NEW.definition))
	EXECUTE FUNCTION dpmeta.columns_arrived();
-- also for a restore or a subscription, which switch ordinary triggers off
ALTER TABLE dpmeta.table_schema ENABLE ALWAYS TRIGGER columns_arrived;

CREATE FUNCTION dpmeta.forget_kinds() RETURNS void
	AS 'MODULE_PATHNAME', 'dpmeta_forget_kinds' LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION dpmeta.forget_kinds() IS
	'private: tells all sessions to forget what they know of dpmeta.column_kind';

/*
 * A purge takes along what no definition has any more.  Somebody who is about to
 * add a definition may rely on a row that is there.  So it looks only while nobody
 * is, and does not wait until nobody is, because whoever writes would wait with it.
 * What it leaves says of no data product that it was there.
 */
CREATE FUNCTION dpmeta.columns_left() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
	SET enable_seqscan = off
AS $$
BEGIN
	-- later rows must be seen
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RETURN NULL;
	END IF;
	BEGIN
		LOCK TABLE dpmeta.column_kind IN SHARE ROW EXCLUSIVE MODE NOWAIT;
	EXCEPTION WHEN lock_not_available THEN
		RETURN NULL;
	END;
	DELETE FROM dpmeta.column_kind k
	USING (SELECT DISTINCT n.name FROM gone g CROSS JOIN LATERAL unnest(dpmeta.column_names(g.definition)) n(name)) o
	WHERE k.name = o.name AND NOT EXISTS (
		SELECT FROM dpmeta.table_schema s
		WHERE dpmeta.column_names(s.definition) @> ARRAY[k.name::text]);
	PERFORM dpmeta.forget_kinds();
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION dpmeta.columns_left() IS
	'private: removes from dpmeta.column_kind the names that no definition has any more';

CREATE TRIGGER columns_left
	AFTER DELETE ON dpmeta.table_schema
	REFERENCING OLD TABLE AS gone
	FOR EACH STATEMENT EXECUTE FUNCTION dpmeta.columns_left();

/* Names like a pattern, by one of the operators ~, ~*, ~~ (LIKE) and ~~* (ILIKE). */
CREATE FUNCTION dpmeta.column_names_like(operator text, pattern text) RETURNS text[]
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 10000
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT coalesce(array_agg(k.name), '{}')
	FROM (SELECT DISTINCT n.name FROM dpmeta.column_kind n) k
	WHERE CASE operator
		WHEN '~' THEN k.name COLLATE "default" ~ pattern
		WHEN '~*' THEN k.name COLLATE "default" ~* pattern
		WHEN '~~' THEN k.name COLLATE "default" ~~ pattern
		WHEN '~~*' THEN k.name COLLATE "default" ~~* pattern
	END;
END;
COMMENT ON FUNCTION dpmeta.column_names_like(text, text) IS
	'private: the names of columns that are like a pattern by an operator: ~, ~*, ~~ (LIKE) or ~~* (ILIKE)';

CREATE VIEW dpmeta.column_names AS
	SELECT DISTINCT k.name AS column_name, k.type AS column_type
	FROM dpmeta.column_kind k;
COMMENT ON VIEW dpmeta.column_names IS
	'one row for each name and type that the columns of any version have or had; for a list of names, and for names that have several types';
COMMENT ON COLUMN dpmeta.column_names.column_name IS 'name of a column';
COMMENT ON COLUMN dpmeta.column_names.column_type IS 'a type that a column of this name has or had, in canonical spelling';

/*
 * The view "columns" has this among its conditions, as found_by().
 */
CREATE FUNCTION dpmeta.found_by_column_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.found_by_column(definition jsonb, column_name text) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE SUPPORT dpmeta.found_by_column_support;

COMMENT ON FUNCTION dpmeta.found_by_column_support(internal) IS
	'planner support of found_by_column(): what conditions on the name of a column say of the names in a definition';
COMMENT ON FUNCTION dpmeta.found_by_column(jsonb, text) IS
	'private: true; in a view, the place for conditions on the names in the definition of a table';
