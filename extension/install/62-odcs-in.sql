/*
 * The Open Data Contract Standard as it is sent: the way back of format_odcs().  An
 * update has this very file.
 *
 * What has no counterpart here is told, each with a pointer to it, and left out.
 */

CREATE FUNCTION dpmeta.odcs_warning(pointer text, message text) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object('pointer', pointer, 'message', message));
COMMENT ON FUNCTION dpmeta.odcs_warning(text, text) IS 'private: a list with one warning';

-- Each member of an object that is not among those that are known; "[]" if it is none.
CREATE FUNCTION dpmeta.odcs_unknown(pointer text, object jsonb, known text[]) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object(
			'pointer', concat(pointer, '/', replace(replace(m.key, '~', '~0'), '/', '~1')),
			'message', format('"%s" has no counterpart here.', m.key)) ORDER BY m.key COLLATE "C"), '[]')
	FROM jsonb_each(CASE jsonb_typeof(object) WHEN 'object' THEN object ELSE '{}' END) m
	WHERE m.key <> ALL (known) AND m.value NOT IN ('null', '[]', '{}', 'false')
$$;
COMMENT ON FUNCTION dpmeta.odcs_unknown(text, jsonb, text[]) IS
	'private: warnings of the members of an object that have no counterpart';

CREATE FUNCTION dpmeta.odcs_list(value jsonb) RETURNS TABLE (place bigint, item jsonb)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT e.place - 1, e.item
	FROM jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE '[]' END)
		WITH ORDINALITY e(item, place)
$$;
COMMENT ON FUNCTION dpmeta.odcs_list(jsonb) IS 'private: the elements of an array, from 0; none of anything else';

CREATE FUNCTION dpmeta.odcs_joined(lists jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(i.item ORDER BY l.place, i.place), '[]')
	FROM dpmeta.odcs_list(lists) l
	CROSS JOIN LATERAL dpmeta.odcs_list(l.item) i
$$;
COMMENT ON FUNCTION dpmeta.odcs_joined(jsonb) IS 'private: lists in a list as one list';

-- The opposite of tags_to_list().
CREATE FUNCTION dpmeta.tags_from_list(list jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT coalesce(jsonb_object_agg(
			replace(replace(split_part(t.text, ':', 1), '%3A', ':'), '%25', '%'),
			CASE WHEN strpos(t.text, ':') > 0 THEN substr(t.text, strpos(t.text, ':') + 1) ELSE '' END), '{}')
	FROM (SELECT l.item#>>'{}' FROM dpmeta.odcs_list(list) l WHERE jsonb_typeof(l.item) = 'string') t(text)
	WHERE t.text !~ '^(:|$)'
$$;
COMMENT ON FUNCTION dpmeta.tags_from_list(jsonb) IS 'private: tags that are a list of KEY:VALUE';

CREATE FUNCTION dpmeta.is_column_type(value jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce(dpmeta.is_valid('{"type": "string", "format": "column-type"}', value), false);
COMMENT ON FUNCTION dpmeta.is_column_type(jsonb) IS 'private: whether a value is a type of columns here';

/*
 * The type of a property: its physicalType, if that is a type here, or what comes
 * nearest to its logicalType.
 */
CREATE FUNCTION dpmeta.odcs_type(property jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	fields	text;
BEGIN
	IF dpmeta.is_column_type(property->'physicalType') THEN
		RETURN ((property->>'physicalType')::dpmeta.column_type)::text;
	END IF;
	CASE property->>'logicalType'
		WHEN 'boolean', 'date', 'timestamp' THEN RETURN property->>'logicalType';
		WHEN 'integer' THEN RETURN 'bigint';
		WHEN 'number' THEN RETURN 'double';
		WHEN 'array' THEN RETURN concat('array<', dpmeta.odcs_type(coalesce(property->'items', '{}')), '>');
		WHEN 'object' THEN
			SELECT string_agg(concat(l.item->>'name', ':', dpmeta.odcs_type(l.item)), ',' ORDER BY l.place)
			INTO fields FROM dpmeta.odcs_list(property->'properties') l;
			RETURN coalesce('struct<' || fields || '>', 'string');
		ELSE RETURN 'string';
	END CASE;
END
$$;
COMMENT ON FUNCTION dpmeta.odcs_type(jsonb) IS 'private: the type of a property';

CREATE FUNCTION dpmeta.odcs_column(pointer text, property jsonb, OUT column_document jsonb, OUT warnings jsonb)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	type	text := dpmeta.odcs_type(property);
	given	text := property->>'physicalType';
BEGIN
	column_document := jsonb_strip_nulls(jsonb_build_object('name', property->'name', 'type', type,
		'description', coalesce(nullif(property->'description', 'null'), '""'),
		'required', property->'required', 'primaryKey', property->'primaryKey', 'partition', property->'partitioned',
		'tags', nullif(dpmeta.tags_from_list(property->'tags'), '{}')));
	warnings := dpmeta.odcs_unknown(pointer, property, ARRAY['name', 'physicalType', 'logicalType', 'logicalTypeOptions',
		'description', 'required', 'primaryKey', 'primaryKeyPosition', 'partitioned', 'partitionKeyPosition', 'tags',
		'items', 'properties', 'id']);
	IF given IS NULL THEN
		warnings := warnings || dpmeta.odcs_warning(pointer || '/physicalType',
			format('It has no physicalType, and is taken as %s.', type));
	ELSIF NOT dpmeta.is_column_type(property->'physicalType') THEN
		warnings := warnings || dpmeta.odcs_warning(pointer || '/physicalType',
			format('"%s" is no type here, and is taken as %s.', "left"(given, 100), type));
	END IF;
END
$$;
COMMENT ON FUNCTION dpmeta.odcs_column(text, jsonb) IS 'private: a property as a column';

CREATE FUNCTION dpmeta.odcs_table(pointer text, object jsonb, OUT table_document jsonb, OUT warnings jsonb)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	columns	jsonb;
	more	jsonb;
BEGIN
	SELECT coalesce(jsonb_agg(c.column_document ORDER BY l.place), '[]'), jsonb_agg(c.warnings ORDER BY l.place)
	INTO columns, more
	FROM dpmeta.odcs_list(object->'properties') l
	CROSS JOIN LATERAL dpmeta.odcs_column(concat(pointer, '/properties/', l.place), l.item) c;
	table_document := jsonb_strip_nulls(jsonb_build_object('name', object->'name',
		'tableDescription', coalesce(nullif(object->'description', 'null'), '""'),
		'tags', nullif(dpmeta.tags_from_list(object->'tags'), '{}'), 'columns', columns));
	warnings := dpmeta.odcs_unknown(pointer, object, ARRAY['name', 'logicalType', 'physicalType', 'description', 'tags',
			'properties', 'id']
		|| CASE WHEN object->'physicalName' = object->'name' THEN ARRAY['physicalName'] ELSE '{}' END)
		|| dpmeta.odcs_joined(more);
END
$$;
COMMENT ON FUNCTION dpmeta.odcs_table(text, jsonb) IS 'private: an object of a schema as a table';

CREATE FUNCTION dpmeta.read_odcs(odcs jsonb, OUT contract jsonb, OUT warnings jsonb)
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	status		text := odcs->>'status';
	-- since 3.1 a team is an object
	members		jsonb := CASE jsonb_typeof(odcs->'team') WHEN 'array' THEN odcs->'team' ELSE odcs#>'{team,members}' END;
	above		text := CASE jsonb_typeof(odcs->'team') WHEN 'array' THEN '/team' ELSE '/team/members' END;
	owner		jsonb;
	maintainer	jsonb;
	email		text;
	retention	jsonb;
	custom		jsonb;
	tables		jsonb;
	more		jsonb;
BEGIN
	IF coalesce(odcs->>'apiVersion', '') !~ '^v3[.][01]([.]|$)' THEN
		RAISE 'document breaks its model in 1 place' USING ERRCODE = 'MD007',
			DETAIL = jsonb_build_array(jsonb_build_object('pointer', '/apiVersion', 'keyword', 'enum',
				'message', 'Must be v3.1.0, or another version from 3.0 to 3.1.'))::text,
			HINT = 'Write the contract by version 3.1 of the standard.';
	END IF;
	SELECT m.item INTO owner FROM dpmeta.odcs_list(members) m WHERE m.item->>'role' = 'owner' ORDER BY m.place LIMIT 1;
	SELECT m.item INTO maintainer FROM dpmeta.odcs_list(members) m WHERE m.item->>'role' = 'maintainer' ORDER BY m.place LIMIT 1;
	SELECT regexp_replace(s.item->>'url', '^mailto:', '') INTO email
	FROM dpmeta.odcs_list(odcs->'support') s WHERE s.item->>'url' ~ '^mailto:' ORDER BY s.place LIMIT 1;
	SELECT p.item->'value' INTO retention
	FROM dpmeta.odcs_list(odcs->'slaProperties') p
	WHERE p.item->>'property' = 'retention' AND p.item->>'unit' IN ('d', 'day', 'days') ORDER BY p.place LIMIT 1;
	SELECT jsonb_object_agg(p.item->>'property', p.item->'value') INTO custom
	FROM dpmeta.odcs_list(odcs->'customProperties') p
	WHERE p.item->>'property' IN ('dpiaRequired', 'dataProductMaintainerDisplayName');
	SELECT coalesce(jsonb_agg(t.table_document ORDER BY l.place), '[]'), jsonb_agg(t.warnings ORDER BY l.place)
	INTO tables, more
	FROM dpmeta.odcs_list(odcs->'schema') l
	CROSS JOIN LATERAL dpmeta.odcs_table(concat('/schema/', l.place), l.item) t;

	contract := jsonb_strip_nulls(jsonb_build_object(
		'description', CASE jsonb_typeof(odcs->'description') WHEN 'object' THEN odcs#>'{description,purpose}' ELSE odcs->'description' END,
		'domain', odcs->'domain',
		'dataProductOwner', owner->'username',
		'dataProductOwnerDisplayName', coalesce(nullif(owner->'name', 'null'), owner->'username'),
		'dataProductMaintainer', maintainer->'username',
		'dataProductMaintainerDisplayName', coalesce(nullif(maintainer->'name', 'null'), custom->'dataProductMaintainerDisplayName'),
		'email', email,
		'status', CASE WHEN status = 'active' THEN 'published' WHEN status = 'deprecated' THEN 'retired'
			WHEN status = 'proposed' THEN 'draft' ELSE status END,
		'retentionPeriod', retention,
		'dpiaRequired', custom->'dpiaRequired'))
		|| jsonb_build_object('tags', dpmeta.tags_from_list(odcs->'tags'), 'tables', tables)
		|| CASE WHEN odcs->>'name' ~ '^[a-z0-9_]{1,128}$' THEN jsonb_build_object('name', odcs->'name') ELSE '{}' END;

	warnings := dpmeta.odcs_unknown('', odcs, ARRAY['apiVersion', 'kind', 'version', 'status', 'name', 'domain', 'description',
			'tags', 'team', 'support', 'slaProperties', 'customProperties', 'schema', 'contractCreatedTs']
			|| CASE WHEN odcs->>'id' ~ '^dp:' THEN ARRAY['id'] ELSE '{}' END
			|| CASE WHEN odcs->'dataProduct' = odcs->'name' THEN ARRAY['dataProduct'] ELSE '{}' END)
		|| coalesce((
			SELECT jsonb_agg(jsonb_build_object('pointer', '/' || n.name, 'message', 'It is no list, and is left out.') ORDER BY n.name COLLATE "C")
			FROM unnest(ARRAY['tags', 'support', 'slaProperties', 'customProperties', 'schema', 'team']) n(name)
			WHERE jsonb_typeof(odcs->n.name) NOT IN ('array', 'null')
				AND NOT (n.name = 'team' AND jsonb_typeof(odcs->n.name) = 'object')), '[]')
		|| CASE WHEN odcs->>'name' !~ '^[a-z0-9_]{1,128}$'
			THEN dpmeta.odcs_warning('/name', 'The data product is called as its address says.') ELSE '[]' END
		|| CASE WHEN status IN ('deprecated', 'proposed')
			THEN dpmeta.odcs_warning('/status', format('"%s" is taken as "%s".', status, contract->>'status')) ELSE '[]' END
		|| dpmeta.odcs_unknown('/description', odcs->'description', ARRAY['purpose'])
		|| CASE WHEN jsonb_typeof(odcs->'team') = 'object' THEN dpmeta.odcs_unknown('/team', odcs->'team', ARRAY['members']) ELSE '[]' END
		|| coalesce((
			SELECT jsonb_agg(w.item ORDER BY m.place, w.place)
			FROM dpmeta.odcs_list(members) m
			CROSS JOIN LATERAL dpmeta.odcs_list(CASE WHEN m.item = owner OR m.item = maintainer
				THEN dpmeta.odcs_unknown(concat(above, '/', m.place), m.item, ARRAY['username', 'name', 'role'])
				ELSE dpmeta.odcs_warning(concat(above, '/', m.place), 'Only the owner and the maintainer have counterparts here.') END) w), '[]')
		|| coalesce((
			SELECT jsonb_agg(w.item ORDER BY s.place, w.place)
			FROM dpmeta.odcs_list(odcs->'support') s
			CROSS JOIN LATERAL dpmeta.odcs_list(CASE WHEN s.item->>'url' = 'mailto:' || email
				THEN dpmeta.odcs_unknown(concat('/support/', s.place), s.item, ARRAY['channel', 'url', 'tool'])
				ELSE dpmeta.odcs_warning(concat('/support/', s.place), 'Only the first email address has a counterpart here.') END) w), '[]')
		|| coalesce((
			SELECT jsonb_agg(w.item ORDER BY p.place, w.place)
			FROM dpmeta.odcs_list(odcs->'slaProperties') p
			CROSS JOIN LATERAL dpmeta.odcs_list(CASE WHEN p.item->>'property' = 'retention' AND p.item->>'unit' IN ('d', 'day', 'days')
				THEN dpmeta.odcs_unknown(concat('/slaProperties/', p.place), p.item, ARRAY['property', 'value', 'unit'])
				ELSE dpmeta.odcs_warning(concat('/slaProperties/', p.place), 'Only the retention in days has a counterpart here.') END) w), '[]')
		|| coalesce((
			SELECT jsonb_agg(jsonb_build_object('pointer', concat('/customProperties/', p.place),
				'message', format('"%s" has no counterpart here.', p.item->>'property')) ORDER BY p.place)
			FROM dpmeta.odcs_list(odcs->'customProperties') p
			-- the last four are reported by pipelines
			WHERE coalesce(p.item->>'property', '') NOT IN ('dpiaRequired', 'dataProductMaintainerDisplayName',
				'dpiaLocation', 's3Location', 'rowCount', 'lastUpdated')), '[]')
		|| dpmeta.odcs_joined(more);
END
$$;
COMMENT ON FUNCTION dpmeta.read_odcs(jsonb) IS
	'a contract in the Open Data Contract Standard, 3.0 or 3.1, as put_contract() takes it, and a list of what has no counterpart here: pointer and message (MD007)';

REVOKE ALL ON FUNCTION dpmeta.odcs_warning(text, text), dpmeta.odcs_unknown(text, jsonb, text[]), dpmeta.odcs_list(jsonb),
	dpmeta.tags_from_list(jsonb), dpmeta.is_column_type(jsonb), dpmeta.odcs_joined(jsonb), dpmeta.odcs_type(jsonb), dpmeta.odcs_column(text, jsonb), dpmeta.odcs_table(text, jsonb),
	dpmeta.read_odcs(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dpmeta.odcs_warning(text, text), dpmeta.odcs_unknown(text, jsonb, text[]), dpmeta.odcs_list(jsonb),
	dpmeta.tags_from_list(jsonb), dpmeta.is_column_type(jsonb), dpmeta.odcs_joined(jsonb), dpmeta.odcs_type(jsonb), dpmeta.odcs_column(text, jsonb), dpmeta.odcs_table(text, jsonb),
	dpmeta.read_odcs(jsonb) TO PUBLIC;
