-- Every pair of conditions on the columns of every view, one of them on an ID or a
-- version, finds what it finds in a copy of the view's rows, where nothing is simplified
-- and no index is used; and it is planned in no time.
SET client_min_messages = warning;
SET search_path = dpmeta, pg_catalog;
SET statement_timeout = '10min';
SET jit = off;

-- The copy is read some ten thousand times, so it is to hold no rows of other tests.
BEGIN;
SELECT count(purge_data_product(name)) >= 0 AS alone FROM product;

SELECT '{"description": "d", "domain": "HQ", "dataProductOwner": "o@x.org",
	"dataProductOwnerDisplayName": "O", "email": "o@x.org", "status": "draft",
	"retentionPeriod": 1, "dpiaRequired": false, "tags": {"team": "blue",
	"tier": "1"}}' AS metadata \gset
\set lines '{"tableDescription": "", "columns": [{"name": "a", "type": "int", "description": ""}, {"name": "b", "type": "string", "description": "b"}]}'
\set fewer '{"tableDescription": "", "columns": [{"name": "a", "type": "int", "description": ""}]}'
SELECT count(id) FROM (VALUES ('conditions_a'), ('conditions_b'), ('conditions_c')) p(name),
	register_data_product(:'metadata'::jsonb || jsonb_build_object('name', p.name));
SELECT id FROM register_schema('dp:conditions_a:lines', :'lines');
SELECT id FROM register_schema('dp:conditions_a:more', :'lines');
SELECT id FROM update_schema('dp:conditions_a:lines', :'fewer');
SELECT id FROM patch_schema('dp:conditions_a:v1:more', '{"tableDescription": "of major 1"}');
SELECT id FROM patch_data_product('dp:conditions_b', '{"status": "published", "dataProductMaintainer": "m"}');
SELECT id FROM report_load('dp:conditions_b', '2026-01-01 00:00 UTC', 7, 's3://b/k', 's3://b/d');
SELECT id FROM register_schema('dp:conditions_b:lines', :'lines');
SELECT id FROM delete_data_product('dp:conditions_b:v1.2');
SELECT id FROM patch_data_product('dp:conditions_c', '{"status": "retired"}');
SELECT document->>'name' AS name FROM set_sunset('conditions_c', '2030-01-01');

-- the conditions on one column, each an expression of v, its row
CREATE FUNCTION pg_temp.conditions_on(view text, name text, type text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	value	text;
BEGIN
	EXECUTE format('SELECT max(%I::text COLLATE "C") FROM dpmeta.%I', name, view) INTO value;
	RETURN NEXT format('v.%I = %L::%s', name, value, type);
	IF name IN ('id', 'version', 'table_name', 'domain') THEN
		RETURN NEXT format('v.%I IS NULL', name);
	END IF;
	IF name = 'id' THEN
		RETURN QUERY SELECT format('v.id = %L', other)
			FROM unnest('{dp:conditions_a, dp:conditions_a:v1.1:lines, dp:conditions_a:v2.0}'::text[]) other;
		RETURN NEXT 'NOT v.id = ''dp:conditions_a:v2.0''';
		RETURN NEXT 'v.id = dpid(''conditions_a'', ''v1.2'', ''lines'')';
		RETURN NEXT '''dp:conditions_b:v1.1:lines''::varchar = v.id';
		RETURN NEXT '''dp:conditions_b:v1.1''::varchar = v.id';
		RETURN NEXT 'v.id IN (''dp:conditions_b:v1.1'', ''dp:conditions_a:v1.1:lines'', NULL)';
		RETURN NEXT 'v.id LIKE ''dp:conditions_b:v1%''';
		RETURN NEXT 'v.id LIKE ''d%a:v2.0%''';
		RETURN NEXT 'v.id LIKE ''dp:conditions\_b:%''';
		RETURN NEXT 'v.id LIKE ''dp:conditions_b_v1%''';
	ELSIF name = 'version' THEN
		RETURN NEXT 'v.version = ''v1.1''';
		RETURN NEXT 'v.version = ''1.1''';
		RETURN NEXT 'v.version > ''v1.1''';
		RETURN NEXT 'v.version IN (''v1.1'', ''v2.0'')';
	END IF;
END $$;

-- pairs of them for which the view and the copy of its rows do not agree
CREATE FUNCTION pg_temp.differences(view text, OUT tried integer, OUT differ text[]) LANGUAGE plpgsql AS $$
DECLARE
	condition	text;
	found		boolean;
BEGIN
	EXECUTE format('CREATE TEMP TABLE copy AS SELECT v.* FROM dpmeta.%I v', view);
	CREATE TEMP TABLE wanted AS SELECT id FROM unnest(
		'{dp:conditions_a, dp:conditions_a:v2.0, dp:conditions_a:v2, dp:conditions_a:v2.0:lines, dp:conditions_b:v1.1, NULL}'::text[]) id;
	CREATE TEMP TABLE single AS
		SELECT c.condition, a.attname = 'id' AS of_id,
			a.attname IN ('id', 'version') AS of_parts, row_number() OVER () AS n
		FROM pg_attribute a, pg_temp.conditions_on(view, a.attname, format_type(a.atttypid, a.atttypmod)) c(condition)
		WHERE a.attrelid = format('dpmeta.%I', view)::regclass AND a.attnum > 0;
	tried := 0;
	FOR condition IN
		SELECT format(f.form, a.condition, b.condition)
		FROM single a
		JOIN single b ON a.n < b.n
		CROSS JOIN (VALUES ('%s AND %s', false), ('NOT (%s AND %s)', true), ('%s OR %s', true),
			('EXISTS (SELECT FROM wanted w WHERE w.id = v.id AND %s) AND %s', true)) f(form, of_id)
		WHERE (a.of_parts OR b.of_parts) AND (NOT f.of_id OR a.of_id AND b.condition LIKE '% = %')
	LOOP
		EXECUTE format('SELECT (SELECT string_agg(v::text, '','' ORDER BY v::text) FROM dpmeta.%I v WHERE %s)
			IS DISTINCT FROM (SELECT string_agg(v::text, '','' ORDER BY v::text) FROM copy v WHERE %2$s)',
			view, condition) INTO found;
		tried := tried + 1;
		IF found THEN
			differ := differ || condition;
		END IF;
	END LOOP;
	DROP TABLE copy, wanted, single;
END $$;
-- joins for which they do not agree, with each condition in the ON or the WHERE
CREATE FUNCTION pg_temp.joins(view text, OUT tried integer, OUT differ text[]) LANGUAGE plpgsql AS $$
DECLARE
	form		text;
	found		boolean;
BEGIN
	EXECUTE format('CREATE TEMP TABLE copy AS SELECT v.* FROM dpmeta.%I v', view);
	CREATE TEMP TABLE wanted AS SELECT id FROM unnest(
		'{dp:conditions_a, dp:conditions_a:v2.0, dp:conditions_a:v2.0:lines, dp:conditions_b:v1.1, NULL}'::text[]) id;
	tried := 0;
	FOR form IN
		SELECT format('%s ON %s WHERE %s', j.kind, o.joined, w.kept)
		FROM (VALUES ('wanted w %s JOIN %%s v'), ('%%s v %s JOIN wanted w'),
				('wanted x LEFT JOIN %%s z ON z.id = x.id %s JOIN (SELECT s.* FROM %%s s WHERE s.version >= ''v1.0'') v ON true LEFT JOIN wanted w')) f(form)
		CROSS JOIN LATERAL (SELECT format(f.form, t.type) AS kind FROM unnest('{INNER,LEFT,RIGHT,FULL}'::text[]) t(type)
			WHERE t.type <> 'FULL' OR f.form NOT LIKE '%true%') j
		CROSS JOIN (VALUES ('v.id = w.id'), ('w.id = v.id AND v.version = ''v2.0''')) o(joined)
		CROSS JOIN (VALUES ('true'), ('v.id = ''dp:conditions_a:v2.0'''), ('v.id = ''dp:conditions_a:v2.0:lines'''),
			('v.id = w.id'), ('v.id IS NULL OR v.version = ''v1.1'''), ('w.id IN (''dp:conditions_b:v1.1'')')) w(kept)
	LOOP
		EXECUTE format('SELECT (SELECT array_agg(r::text ORDER BY r::text) FROM (SELECT v AS v, w.id FROM %s) r)
			IS DISTINCT FROM (SELECT array_agg(r::text ORDER BY r::text) FROM (SELECT v AS v, w.id FROM %s) r)',
			replace(form, '%s', 'dpmeta.' || quote_ident(view)), replace(form, '%s', 'copy')) INTO found;
		tried := tried + 1;
		IF found THEN
			differ := differ || form;
		END IF;
	END LOOP;
	DROP TABLE copy, wanted;
END $$;
SELECT view, j.tried, j.differ
FROM unnest('{data_products,data_product_versions,schemas,columns}'::text[]) view, pg_temp.joins(view) j ORDER BY 1;
CREATE TEMP TABLE compared AS
	SELECT r.name, d.tried, d.differ
	FROM role_rights() r, pg_temp.differences(r.name) d
	WHERE r.kind = 'view';
SELECT name, differ FROM compared WHERE differ IS NOT NULL;
SELECT sum(tried) > 1000 AS many FROM compared;

-- a table of parts that may be missing, and an ID of as many
CREATE TEMP TABLE parts AS
	SELECT n.name, v.version::dpversion, t.tab
	FROM unnest('{x,y,NULL}'::text[]) n(name), unnest('{v1.0,v2.0,NULL}'::text[]) v(version), unnest('{t,u,NULL}'::text[]) t(tab);
CREATE TEMP TABLE ids AS
	SELECT id::dpid FROM unnest('{dp:x, dp:x:v1, dp:x:v1.0, dp:x:t, dp:x:v1.0:t, dp:y:v2.0:u, NULL}'::text[]) id;
CREATE TEMP TABLE made AS SELECT p.*, dpid(name, version, tab) AS id FROM parts p;
SELECT p.*, dpid(p.name, p.version, p.tab) = 'dp:x' AS shown FROM parts p WHERE dpid(name, version, tab) = 'dp:x';
SELECT p.name, p.version, p.tab FROM parts p WHERE dpid(name, version, tab) = 'dp:x:t' AND name = 'x';
SELECT i.id, (SELECT count(*) FROM parts p WHERE dpid(name, version, tab) = i.id) = (SELECT count(*) FROM made m WHERE m.id = i.id) AS found,
	(SELECT count(*) FROM parts p WHERE NOT dpid(name, version, tab) = i.id) = (SELECT count(*) FROM made m WHERE NOT m.id = i.id) AS others,
	(SELECT count(*) FROM parts p WHERE (i.id = dpid(name, version, tab)) IS NULL) = (SELECT count(*) FROM made m WHERE (m.id = i.id) IS NULL) AS unknown
FROM ids i ORDER BY 1;
SET plan_cache_mode = force_generic_plan;
PREPARE by_parts(dpid) AS SELECT count(*) FROM parts WHERE dpid(name, version, tab) = $1 AND (tab = 't' OR tab IS NULL);
EXECUTE by_parts('dp:x');
EXECUTE by_parts('dp:x:v1.0:t');
EXECUTE by_parts(NULL);
RESET plan_cache_mode;
SELECT count(*) FROM parts p LEFT JOIN data_products d ON d.name = p.name AND d.id = dpid(p.name, p.version) AND d.status = 'draft';
DELETE FROM parts WHERE dpid(name, version, tab) = 'dp:x' AND version IS NULL RETURNING *;
ROLLBACK;
