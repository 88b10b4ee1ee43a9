/*
 * The catalogue as a person goes through it: what there is, narrowed by filters,
 * with how much each other choice would leave.  An update has this very file.
 */

CREATE FUNCTION dpmeta.read_filters(domain text, status text, tag text, page_size integer,
		OUT tags jsonb[], OUT page_size integer)
	AS 'MODULE_PATHNAME', 'dpmeta_read_filters' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION dpmeta.read_filters(text, text, text, integer) IS
	'private: raises MD010 for a filter that no data product can pass; each way to take the tag apart, and the size of a page';

CREATE FUNCTION dpmeta.refuse_choice(name text, value text, hint text) RETURNS void
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE 'invalid value for parameter "%": "%"', name, left(value, 100)
		USING ERRCODE = 'MD010', DETAIL = 'The parameter does not take this value.', HINT = hint;
END;
$$;
COMMENT ON FUNCTION dpmeta.refuse_choice(text, text, text) IS 'private: raises MD010';

/*
 * How much each value of a filter would leave, all other filters being as they
 * are.  This reads one row of each data product, and no document.
 */
CREATE FUNCTION dpmeta.catalogue_counts(only_domain text, only_status text, only_owner text, only_tags jsonb[],
		only_problem text)
	RETURNS json
	LANGUAGE sql STABLE PARALLEL SAFE COST 100000
	SET search_path = dpmeta, pg_catalog, pg_temp
	SET jit = off
BEGIN ATOMIC
	WITH chosen AS MATERIALIZED (
		SELECT p.domain, p.status, p.owner, p.tags,
			coalesce(p.domain = only_domain, true) AS in_domain,
			coalesce(p.status = only_status, true) AS in_status,
			coalesce(p.owner = only_owner, true) AS in_owner,
			coalesce(p.tags @> ANY (only_tags), true) AS has_tag
		FROM dpmeta.product p
		WHERE p.current IS NOT NULL AND (only_problem IS NULL OR p.name IN (
			SELECT x.data_product FROM dpmeta.problems x WHERE x.problem = only_problem))
	), counted(filter, value, n) AS (
		SELECT 'domain', c.domain, count(*) FROM chosen c
		WHERE c.in_status AND c.in_owner AND c.has_tag GROUP BY 2
		UNION ALL
		SELECT 'status', c.status, count(*) FROM chosen c
		WHERE c.in_domain AND c.in_owner AND c.has_tag GROUP BY 2
		UNION ALL
		SELECT 'owner', c.owner, count(*) FROM chosen c
		WHERE c.in_domain AND c.in_status AND c.has_tag GROUP BY 2
		UNION ALL
		SELECT 'tag', t.key || ':' || t.value, count(*) FROM chosen c
		CROSS JOIN LATERAL jsonb_each_text(c.tags) t
		WHERE c.in_domain AND c.in_status AND c.in_owner GROUP BY 2
	), ranked AS (
		SELECT c.filter, c.value, c.n,
			row_number() OVER (PARTITION BY c.filter ORDER BY c.n DESC, c.value COLLATE "C") AS place
		FROM counted c
	), listed AS (
		SELECT r.filter, json_agg(json_build_object('value', r.value, 'count', r.n) ORDER BY r.place) AS choices
		FROM ranked r
		WHERE r.place <= 20
		GROUP BY r.filter
	)
	SELECT json_build_object(
		'total', (SELECT count(*) FROM chosen c WHERE c.in_domain AND c.in_status AND c.in_owner AND c.has_tag),
		'domain', coalesce((SELECT l.choices FROM listed l WHERE l.filter = 'domain'), '[]'),
		'status', coalesce((SELECT l.choices FROM listed l WHERE l.filter = 'status'), '[]'),
		'owner', coalesce((SELECT l.choices FROM listed l WHERE l.filter = 'owner'), '[]'),
		'tag', coalesce((SELECT l.choices FROM listed l WHERE l.filter = 'tag'), '[]'));
END;
COMMENT ON FUNCTION dpmeta.catalogue_counts(text, text, text, jsonb[], text) IS
	'private: how many data products pass all filters, and how many each value of a filter would leave, for the 20 that leave most';

/*
 * The data products of a page, and one more if there is another page.  The event
 * that made a current version says when that was, so the ones that changed last
 * are found along an index of the log.
 */
CREATE FUNCTION dpmeta.catalogue_rows(only_domain text, only_status text, only_owner text, only_tags jsonb[],
		only_problem text, sort text, page_size integer, after text)
	RETURNS TABLE (place bigint, cursor text, entry json)
	LANGUAGE plpgsql STABLE PARALLEL SAFE COST 10000 ROWS 50
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
	by_name		CONSTANT boolean := sort = 'name';
	-- the event that the last one of the page before was made by
	last_event	CONSTANT bigint := CASE WHEN NOT by_name THEN after::bigint END;
	last_time	CONSTANT timestamptz := (SELECT e.occurred_at FROM dpmeta.event e WHERE e.event_id = last_event);
BEGIN
	RETURN QUERY
	WITH page AS MATERIALIZED (
		(SELECT p.product_id, p.name, p.current, p.domain, p.status, p.owner,
			e.event_id, e.kind, e.actor, e.occurred_at, row_number() OVER (ORDER BY p.name) AS place
		 FROM (SELECT q.* FROM dpmeta.product q
			   WHERE by_name AND q.current IS NOT NULL AND (after IS NULL OR q.name > after)
				AND (only_domain IS NULL OR q.domain = only_domain) AND (only_status IS NULL OR q.status = only_status)
				AND (only_owner IS NULL OR q.owner = only_owner) AND (only_tags IS NULL OR q.tags @> ANY (only_tags))
				AND (only_problem IS NULL OR q.name IN (
					SELECT x.data_product FROM dpmeta.problems x WHERE x.problem = only_problem))
			   ORDER BY q.name LIMIT page_size + 1) p
		 LEFT JOIN dpmeta.event e ON e.product_id = p.product_id AND e.to_version = p.current
			AND e.kind IN ('initial', 'minor', 'major'))
		UNION ALL
		(SELECT p.product_id, p.name, p.current, p.domain, p.status, p.owner,
			e.event_id, e.kind, e.actor, e.occurred_at,
			row_number() OVER (ORDER BY e.occurred_at DESC, e.event_id DESC)
		 FROM dpmeta.event e
		 JOIN dpmeta.product p ON p.product_id = e.product_id AND p.current = e.to_version
		 WHERE NOT by_name AND e.kind IN ('initial', 'minor', 'major')
			AND (after IS NULL OR (e.occurred_at, e.event_id) < (last_time, last_event))
			AND (only_domain IS NULL OR p.domain = only_domain) AND (only_status IS NULL OR p.status = only_status)
			AND (only_owner IS NULL OR p.owner = only_owner) AND (only_tags IS NULL OR p.tags @> ANY (only_tags))
			AND (only_problem IS NULL OR p.name IN (
				SELECT x.data_product FROM dpmeta.problems x WHERE x.problem = only_problem))
		 ORDER BY e.occurred_at DESC, e.event_id DESC LIMIT page_size + 1)
	)
	SELECT g.place, CASE WHEN by_name THEN g.name ELSE g.event_id::text END,
		json_build_object(
			'id', dpmeta.full_id_text(g.name, g.current), 'name', g.name, 'version', g.current::text,
			'description', left(v.metadata->>'description', 300), 'domain', g.domain, 'status', g.status,
			'dataProductOwner', g.owner,
			'dataProductOwnerDisplayName', v.metadata->>'dataProductOwnerDisplayName',
			'kind', g.kind, 'actor', g.actor,
			'created', dpmeta.rfc3339(g.occurred_at))
	FROM page g
	JOIN dpmeta.product_version v ON v.product_id = g.product_id AND v.version = g.current
	ORDER BY g.place;
END;
$$;
COMMENT ON FUNCTION dpmeta.catalogue_rows(text, text, text, jsonb[], text, text, integer, text) IS
	'private: the data products of a page of the catalogue, and one more if there is another page';

CREATE FUNCTION dpmeta.catalogue_page(
		domain text DEFAULT NULL, status text DEFAULT NULL, owner text DEFAULT NULL,
		tag text DEFAULT NULL, problem text DEFAULT NULL, sort text DEFAULT 'name',
		page_size integer DEFAULT 50, after text DEFAULT NULL,
		OUT etag text, OUT document json, OUT next text)
	LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 100000
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off
AS $$
#variable_conflict use_variable
DECLARE
	tags		jsonb[];
	counts		json;
	entries		json;
	cursors		text[];
BEGIN
	SELECT r.tags, r.page_size INTO tags, page_size
	FROM dpmeta.read_filters(domain, status, tag, page_size) r;
	IF coalesce(sort, '') NOT IN ('name', 'changed') THEN
		PERFORM dpmeta.refuse_choice('sort', coalesce(sort, 'null'), 'Sort by name or by changed.');
	ELSIF sort = 'changed' AND after !~ '^[0-9]{1,18}$' THEN
		PERFORM dpmeta.refuse_choice('after', after, 'Give what the page before said is next, or leave it out.');
	END IF;
	-- who reads on has the counts
	IF after IS NULL THEN
		counts := dpmeta.catalogue_counts(domain, status, owner, tags, problem);
	END IF;
	SELECT coalesce(json_agg(r.entry ORDER BY r.place) FILTER (WHERE r.place <= page_size), '[]'),
		array_agg(r.cursor ORDER BY r.place)
	INTO entries, cursors
	FROM dpmeta.catalogue_rows(domain, status, owner, tags, problem, sort, page_size, after) r;
	IF array_length(cursors, 1) > page_size THEN
		next := cursors[page_size];
	END IF;
	document := json_build_object('counts', counts, 'dataProducts', entries);
	etag := dpmeta.content_etag(document);
END;
$$;
COMMENT ON FUNCTION dpmeta.catalogue_page(text, text, text, text, text, text, integer, text) IS
	'a page of the current data products that pass all filters given, in brief, with when each last got a version and of what kind; on the first page, how many each value of a filter would leave, other filters being as they are, for the 20 that leave most; tag is KEY:VALUE, where KEY may end at any of its colons; problem, one of the view problems; sort, name or changed (latest first); page_size 1 to 1000; after, what the page before said is next. Raises MD010 for a parameter that is malformed';

-- until a role is given the last one
REVOKE ALL ON FUNCTION dpmeta.read_filters(text, text, text, integer), dpmeta.refuse_choice(text, text, text),
	dpmeta.catalogue_counts(text, text, text, jsonb[], text),
	dpmeta.catalogue_rows(text, text, text, jsonb[], text, text, integer, text),
	dpmeta.catalogue_page(text, text, text, text, text, text, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dpmeta.refuse_choice(text, text, text) TO PUBLIC;
