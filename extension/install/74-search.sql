/*
 * Search.  An update has this very file.
 *
 * What is searched of each current data product and table is a row, or a few, of
 * search_entry: their words, without their forms.  The query knows of those
 * (rules/search_query.c).  So a write neither looks up stems, nor writes anew what
 * it does not change.
 */
CREATE TABLE dpmeta.search_entry (
	product_id		bigint NOT NULL REFERENCES dpmeta.product,
	table_name		text COLLATE "C" NOT NULL,
	part			integer NOT NULL,
	words			tsvector NOT NULL,
	PRIMARY KEY (product_id, table_name, part)
);

-- what is pending is read by every search
CREATE INDEX search_entry_things_idx ON dpmeta.search_entry USING gin (words)
	WITH (gin_pending_list_limit = 512) WHERE part = 0;
CREATE INDEX search_entry_columns_idx ON dpmeta.search_entry USING gin (words)
	WITH (gin_pending_list_limit = 512) WHERE part > 0;

COMMENT ON TABLE dpmeta.search_entry IS
	'private: what search() finds the current versions, their tables and columns by';
COMMENT ON COLUMN dpmeta.search_entry.table_name IS 'empty for the data product itself';
COMMENT ON COLUMN dpmeta.search_entry.part IS '0 for the data product or the table, n for its columns from 16 * (n - 1) + 1 on';
COMMENT ON COLUMN dpmeta.search_entry.words IS
	'the words; a position is the place of a column among those of the part, a weight says where the word is: A name, B description, C owner, maintainer or domain, D tags';

SELECT pg_catalog.pg_extension_config_dump('dpmeta.search_entry', '');

CREATE FUNCTION dpmeta.search_words(name text, metadata jsonb) RETURNS tsvector
	AS 'MODULE_PATHNAME', 'dpmeta_search_words' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.search_words(text, jsonb) IS 'private: what is searched of a data product';

CREATE FUNCTION dpmeta.search_parts(table_name text, definition jsonb)
	RETURNS TABLE (part integer, words tsvector)
	AS 'MODULE_PATHNAME', 'dpmeta_search_parts' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 200 ROWS 4;
COMMENT ON FUNCTION dpmeta.search_parts(text, jsonb) IS 'private: what is searched of a table and its columns, in parts';

-- what there is to search for, of one data product or of all
CREATE FUNCTION dpmeta.searchable(only_product bigint DEFAULT NULL)
	RETURNS TABLE (product_id bigint, table_name text, part integer, words tsvector)
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT p.product_id, ''::text, 0, dpmeta.search_words(p.name, v.metadata)
	FROM dpmeta.product p
	JOIN dpmeta.product_version v ON v.product_id = p.product_id AND v.version = p.current
	WHERE searchable.only_product IS NULL OR p.product_id = searchable.only_product
	UNION ALL
	SELECT p.product_id, t.table_name, s.part, s.words
	FROM dpmeta.product p
	JOIN dpmeta.product_version v ON v.product_id = p.product_id AND v.version = p.current
	CROSS JOIN LATERAL dpmeta.version_tables(p.product_id, v.version, v.trunk, p.trunk) t
	JOIN dpmeta.table_schema d ON d.table_schema_id = t.table_schema_id
	CROSS JOIN LATERAL dpmeta.search_parts(t.table_name, d.definition) s
	WHERE searchable.only_product IS NULL OR p.product_id = searchable.only_product;
END;
COMMENT ON FUNCTION dpmeta.searchable(bigint) IS
	'private: what dpmeta.search_entry is to have, of one data product or of all';

-- what is there before an update
INSERT INTO dpmeta.search_entry (product_id, table_name, part, words)
	SELECT s.product_id, s.table_name, s.part, s.words FROM dpmeta.searchable() s;

CREATE FUNCTION dpmeta.search_query(
		q text, domain text, status text, tag text, page_size integer,
		OUT words text[], OUT ignored text[], OUT names_only boolean, OUT query tsquery,
		OUT tags jsonb[], OUT page_size integer)
	AS 'MODULE_PATHNAME', 'dpmeta_search_query' LANGUAGE C STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.search_query(text, text, text, text, integer) IS
	'private: the words that are searched for, those that are too common for that, whether all are, so that names alone are searched, and what the index is asked; raises MD010 for a parameter that is malformed';

CREATE FUNCTION dpmeta.search_hits(words tsvector, query text[], names_only boolean) RETURNS integer[]
	AS 'MODULE_PATHNAME', 'dpmeta_search_hits' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 50;
COMMENT ON FUNCTION dpmeta.search_hits(tsvector, text[], boolean) IS
	'private: for each place that has all words of a query, 1000 times its rank, plus ten times the place, plus where they are: 3 name, 2 description, 1 owner, maintainer or domain, 0 tags';

CREATE FUNCTION dpmeta.search_headline(texts text[], query text[], names_only boolean) RETURNS text
	AS 'MODULE_PATHNAME', 'dpmeta_search_headline' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.search_headline(text[], text[], boolean) IS
	'private: a piece of the first text that has a word of a query, or the beginning of the first text';

CREATE FUNCTION dpmeta.search_guesses(word text) RETURNS text[]
	AS 'MODULE_PATHNAME', 'dpmeta_search_guesses' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION dpmeta.search_guesses(text) IS
	'private: the words that differ from one by a letter more, a letter less, another letter or two that change places';

CREATE FUNCTION dpmeta.search_distance(word text, other text) RETURNS integer
	AS 'MODULE_PATHNAME', 'dpmeta_search_distance' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10;
COMMENT ON FUNCTION dpmeta.search_distance(text, text) IS
	'private: by how many letters two words differ; 3 stands for more than two';

/*
 * One page, and one row more if there is another page; at least one row, so that
 * the total is always there.  Of what the index finds, so many rows are looked
 * at: a word that is everywhere is no reason to read the whole store.  A data product
 * is looked up in an expression, because the planner might begin a join with all of
 * them.  For the same reason there is one plan for all words.
 */
CREATE FUNCTION dpmeta.search_rows(
		words text[], names_only boolean, query tsquery, only_domain text, only_status text, only_owner text,
		only_tags jsonb[], page_size integer, after text)
	RETURNS TABLE (kind text, id text, name text, data_product text, table_name text, domain text,
		data_product_owner text, status text, rank integer, found_in text, headline text,
		total bigint, total_is_exact boolean, cursor text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 50
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_variable
DECLARE
	most		CONSTANT integer := 10000;
	-- the position after which the page begins
	start		CONSTANT text[] := regexp_match(after,
					E'^([0-9]{1,4})\\.([1-3])\\.([a-z0-9_]{1,128})\\.([a-z0-9_]{0,128})\\.([0-9]{1,5})$');
BEGIN
	IF after IS NOT NULL AND start IS NULL THEN
		RAISE 'invalid value for parameter "after": "%"', left(after, 100)
			USING ERRCODE = 'MD010', DETAIL = 'The parameter does not take this value.',
				HINT = 'Give the cursor of the last hit that you read, or leave it out.';
	END IF;
	RETURN QUERY
	WITH entry AS MATERIALIZED (
		(SELECT 0 AS arm, e.product_id, e.table_name, e.part,
			dpmeta.search_hits(e.words, words, names_only) AS hits
		 FROM dpmeta.search_entry e
		 WHERE e.part = 0 AND e.words @@ query AND (
			SELECT p.current IS NOT NULL
				AND (only_domain IS NULL OR p.domain = only_domain) AND (only_status IS NULL OR p.status = only_status)
				AND (only_owner IS NULL OR p.owner = only_owner) AND (only_tags IS NULL OR p.tags @> ANY (only_tags))
			FROM dpmeta.product p
			WHERE p.product_id = e.product_id)
		 LIMIT most)
		UNION ALL
		(SELECT 1, e.product_id, e.table_name, e.part,
			dpmeta.search_hits(e.words, words, names_only) AS hits
		 FROM dpmeta.search_entry e
		 WHERE e.part > 0 AND e.words @@ query AND (
			SELECT p.current IS NOT NULL
				AND (only_domain IS NULL OR p.domain = only_domain) AND (only_status IS NULL OR p.status = only_status)
				AND (only_owner IS NULL OR p.owner = only_owner) AND (only_tags IS NULL OR p.tags @> ANY (only_tags))
			FROM dpmeta.product p
			WHERE p.product_id = e.product_id)
		 LIMIT most)
	), hit AS MATERIALIZED (
		SELECT p.product_id, p.name, p.current, p.domain, p.owner, p.status, e.table_name,
			CASE WHEN e.part > 0 THEN 3 WHEN e.table_name = '' THEN 1 ELSE 2 END AS kind,
			CASE WHEN e.part > 0 THEN (e.part - 1) * 16 + h.value / 10 % 100 ELSE 0 END AS number,
			h.value / 1000 AS rank, h.value % 10 AS found_in
		FROM entry e
		CROSS JOIN LATERAL unnest(e.hits) h(value)
		JOIN dpmeta.product p ON p.product_id = e.product_id
	), page AS MATERIALIZED (
		SELECT h.*, row_number() OVER (ORDER BY -h.rank, h.kind, h.name, h.table_name, h.number) AS place
		FROM hit h
		WHERE start IS NULL OR (-h.rank, h.kind, h.name, h.table_name, h.number)
			> (-start[1]::integer, start[2]::integer, start[3], start[4], start[5]::integer)
		ORDER BY -h.rank, h.kind, h.name, h.table_name, h.number
		LIMIT page_size + 1
	), counted AS (
		SELECT (SELECT count(*) FROM hit) AS total,
			NOT EXISTS (SELECT FROM entry e GROUP BY e.arm HAVING count(*) >= most) AS is_exact
	)
	SELECT (ARRAY['data-product', 'table', 'column'])[h.kind],
		CASE WHEN h.kind = 1 THEN dpmeta.full_id_text(h.name, h.current)
			ELSE dpmeta.full_id_text(h.name, h.current, h.table_name) END,
		CASE h.kind WHEN 1 THEN h.name WHEN 2 THEN h.table_name ELSE d.column_document->>'name' END,
		h.name, nullif(h.table_name, ''), h.domain, h.owner, h.status, h.rank,
		(ARRAY['tags', 'owner', 'description', 'name'])[h.found_in + 1],
		coalesce(dpmeta.search_headline(CASE
			WHEN h.kind = 1 AND h.found_in >= 2 THEN ARRAY[d.metadata->>'description']
			WHEN h.kind = 1 AND h.found_in = 1 THEN ARRAY[
				d.metadata->>'domain', d.metadata->>'dataProductOwnerDisplayName', d.metadata->>'dataProductOwner',
				d.metadata->>'dataProductMaintainerDisplayName', d.metadata->>'dataProductMaintainer']
			WHEN h.found_in = 0 THEN ARRAY(
				SELECT concat(t.key, ': ', t.value) FROM jsonb_each_text(
					CASE h.kind WHEN 1 THEN d.metadata->'tags' WHEN 2 THEN d.definition->'tags' ELSE d.column_document->'tags' END) t)
			WHEN h.kind = 2 THEN ARRAY[d.definition->>'tableDescription']
			ELSE ARRAY[d.column_document->>'description', d.column_document->>'type'] END,
			words, names_only), ''),
		c.total, c.is_exact,
		concat_ws('.', h.rank, h.kind, h.name, h.table_name, h.number)
	FROM counted c
	LEFT JOIN page h ON true
	LEFT JOIN LATERAL (
		SELECT v.metadata, s.definition, s.definition->'columns'->(h.number - 1) AS column_document
		FROM dpmeta.product_version v
		LEFT JOIN LATERAL dpmeta.table_at(v.product_id, h.table_name, v.version, v.trunk) t ON h.kind > 1
		LEFT JOIN dpmeta.table_schema s ON s.table_schema_id = t.table_schema_id
		WHERE v.product_id = h.product_id AND v.version = h.current
		OFFSET 0) d ON true
	ORDER BY h.place;
END
$$;
COMMENT ON FUNCTION dpmeta.search_rows(text[], boolean, tsquery, text, text, text, jsonb[], integer, text) IS
	'private: a page of hits and one more, or one row of nulls with the total';

/*
 * What may have been meant.  Of the words one step away, the best is one in a name,
 * and in many places.  If there is none, it is one that begins alike and has at most
 * two other letters.
 */
CREATE FUNCTION dpmeta.search_guess(word text) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000
	SET search_path = pg_catalog, pg_temp
	SET jit = off SET enable_seqscan = off SET plan_cache_mode = force_generic_plan
AS $$
DECLARE
	guesses		CONSTANT text[] := dpmeta.search_guesses(word);
	near		CONSTANT tsquery := (SELECT string_agg(quote_literal(g), ' | ') FROM unnest(guesses) g);
	alike		CONSTANT tsquery := quote_literal(left(word, 3)) || ':*';
	found		text;
BEGIN
	SELECT l.lexeme INTO found
	FROM (
		(SELECT e.words FROM dpmeta.search_entry e WHERE e.part = 0 AND e.words @@ near LIMIT 500)
		UNION ALL
		(SELECT e.words FROM dpmeta.search_entry e WHERE e.part > 0 AND e.words @@ near LIMIT 500)) e
	CROSS JOIN LATERAL unnest(e.words) l
	WHERE l.lexeme = ANY (guesses)
	GROUP BY l.lexeme
	ORDER BY bool_or('A' = ANY (l.weights)) DESC, count(*) DESC, l.lexeme COLLATE "C"
	LIMIT 1;
	IF found IS NOT NULL OR length(word) < 5 THEN
		RETURN found;
	END IF;
	SELECT l.lexeme INTO found
	FROM (
		(SELECT e.words FROM dpmeta.search_entry e WHERE e.part = 0 AND e.words @@ alike LIMIT 500)
		UNION ALL
		(SELECT e.words FROM dpmeta.search_entry e WHERE e.part > 0 AND e.words @@ alike LIMIT 500)) e
	CROSS JOIN LATERAL unnest(e.words) l
	WHERE starts_with(l.lexeme, left(word, 3)) AND dpmeta.search_distance(word, l.lexeme) <= 2
	GROUP BY l.lexeme
	ORDER BY dpmeta.search_distance(word, l.lexeme), bool_or('A' = ANY (l.weights)) DESC,
		count(*) DESC, l.lexeme COLLATE "C"
	LIMIT 1;
	RETURN found;
END
$$;
COMMENT ON FUNCTION dpmeta.search_guess(text) IS 'private: what a word may have been meant to be that is not found';

-- the words of a query, those that are not found replaced; null unless that helps
CREATE FUNCTION dpmeta.search_meant(words text[], domain text, status text, owner text, tags jsonb[]) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 100000
	SET search_path = pg_catalog, pg_temp
	SET jit = off SET enable_seqscan = off
AS $$
DECLARE
	word		text;
	one			record;
	meant		text[];
	found		bigint;
BEGIN
	FOREACH word IN ARRAY words
	LOOP
		SELECT * INTO one FROM dpmeta.search_query(word, NULL, NULL, NULL, 1);
		SELECT r.total INTO found
		FROM dpmeta.search_rows(one.words, one.names_only, one.query, domain, status, owner, tags, 1, NULL) r LIMIT 1;
		meant := meant || CASE WHEN found > 0 THEN word ELSE dpmeta.search_guess(word) END;
	END LOOP;
	IF array_position(meant, NULL) IS NOT NULL OR meant = words THEN
		RETURN NULL;
	END IF;
	SELECT * INTO one FROM dpmeta.search_query(array_to_string(meant, ' '), NULL, NULL, NULL, 1);
	SELECT r.total INTO found
	FROM dpmeta.search_rows(one.words, one.names_only, one.query, domain, status, owner, tags, 1, NULL) r LIMIT 1;
	RETURN CASE WHEN found > 0 THEN array_to_string(meant, ' ') END;
END
$$;
COMMENT ON FUNCTION dpmeta.search_meant(text[], text, text, text, jsonb[]) IS
	'private: the words of a query that nothing is found by, as they may have been meant; null unless something is found by that';

CREATE FUNCTION dpmeta.search(
		q text, domain text DEFAULT NULL, status text DEFAULT NULL, owner text DEFAULT NULL,
		tag text DEFAULT NULL, page_size integer DEFAULT 50, after text DEFAULT NULL)
	RETURNS TABLE (kind text, id text, name text, data_product text, table_name text, domain text,
		data_product_owner text, status text, rank integer, found_in text, headline text,
		total bigint, total_is_exact boolean, cursor text)
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 10000 ROWS 50
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT r.kind, r.id, r.name, r.data_product, r.table_name, r.domain, r.data_product_owner,
		r.status, r.rank, r.found_in, r.headline, r.total, r.total_is_exact, r.cursor
	FROM dpmeta.search_query(search.q, search.domain, search.status, search.tag, search.page_size) s
	CROSS JOIN LATERAL dpmeta.search_rows(s.words, s.names_only, s.query, search.domain,
		search.status, search.owner, s.tags, s.page_size, search.after) WITH ORDINALITY r
	WHERE r.kind IS NOT NULL AND r.ordinality <= s.page_size
	ORDER BY r.ordinality;
END;
COMMENT ON FUNCTION dpmeta.search(text, text, text, text, text, integer, text) IS
	'the current data products, tables and columns that have all words of q, the best first: a name before a description, that before an owner, a maintainer or a domain, and those before tags. Of the last word the beginning is enough; a word is found by its other forms, too. If all words are too common, names alone are searched. tag is KEY:VALUE, page_size 1 to 1000; after is the cursor of the last hit of the page before. total is the number of all hits, or of those among the first 10,000 rows that are looked at, as total_is_exact says. Raises MD010 for a parameter that is malformed';

CREATE FUNCTION dpmeta.search_page(
		q text, domain text DEFAULT NULL, status text DEFAULT NULL, owner text DEFAULT NULL,
		tag text DEFAULT NULL, page_size integer DEFAULT 50, after text DEFAULT NULL,
		OUT etag text, OUT document json, OUT next text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 10000
	SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	s			record;
	hits		json;
	total		bigint;
	is_exact	boolean;
	meant		text;
BEGIN
	SELECT * INTO s FROM dpmeta.search_query(q, domain, status, tag, page_size);
	SELECT coalesce(json_agg(json_build_object(
				'kind', r.kind, 'id', r.id, 'name', r.name, 'dataProduct', r.data_product,
				'table', r.table_name, 'domain', r.domain, 'dataProductOwner', r.data_product_owner,
				'status', r.status, 'foundIn', r.found_in, 'headline', r.headline, 'rank', r.rank)
				ORDER BY r.ordinality)
			FILTER (WHERE r.kind IS NOT NULL AND r.ordinality <= s.page_size), '[]'),
		max(r.total), bool_and(r.total_is_exact),
		CASE WHEN count(*) > s.page_size THEN max(r.cursor) FILTER (WHERE r.ordinality = s.page_size) END
	INTO hits, total, is_exact, next
	FROM dpmeta.search_rows(s.words, s.names_only, s.query, domain, status, owner, s.tags,
		s.page_size, after) WITH ORDINALITY r;
	IF total = 0 AND cardinality(s.words) > 0 AND NOT s.names_only THEN
		meant := dpmeta.search_meant(s.words, domain, status, owner, s.tags);
	END IF;
	document := json_build_object('total', total, 'totalIsExact', is_exact, 'hits', hits,
		'didYouMean', meant, 'ignored', s.ignored);
	etag := dpmeta.content_etag(document);
END
$$;
COMMENT ON FUNCTION dpmeta.search_page(text, text, text, text, text, integer, text) IS
	'what dpmeta.search() finds, as one JSON document with its entity tag: total, hits, what may have been meant where there are none, and the words that were ignored because they are too common; next is what to give as after for the next page, null on the last one';
