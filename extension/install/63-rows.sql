/*
 * Rows against the contract of their table.  An update has this very file.
 */

CREATE FUNCTION dpmeta.is_valid_row(id dpmeta.dpid, row_document jsonb) RETURNS boolean
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT dpmeta.is_valid(dpmeta.row_schema(is_valid_row.id), row_document, true)
$$;
COMMENT ON FUNCTION dpmeta.is_valid_row(dpmeta.dpid, jsonb) IS
	'whether a row, such as to_jsonb(NEW) in a trigger, keeps the contract of a table; row_schema() says what that is. Raises what get_schema() does';

-- Runs as its caller, and reads what that may read.
CREATE FUNCTION dpmeta.validate_query(id dpmeta.dpid, query text, most integer DEFAULT 1000)
	RETURNS TABLE (row_number bigint, pointer text, keyword text, message text)
	LANGUAGE plpgsql STABLE STRICT
AS $$
DECLARE
	schema		jsonb := dpmeta.row_schema(id);
	candidate	record;
	fault		record;
	shown		integer := 0;
BEGIN
	row_number := 0;
	FOR candidate IN EXECUTE pg_catalog.format('SELECT pg_catalog.to_jsonb(r) AS document FROM (%s) r', query)
	LOOP
		row_number := row_number OPERATOR(pg_catalog.+) 1;
		CONTINUE WHEN dpmeta.is_valid(schema, candidate.document, true);
		FOR fault IN
			SELECT v.* FROM dpmeta.validate(schema, candidate.document, true) v WHERE v.branch IS NULL
		LOOP
			IF shown OPERATOR(pg_catalog.>=) most THEN
				RETURN;
			END IF;
			shown := shown OPERATOR(pg_catalog.+) 1;
			pointer := fault.instance_pointer;
			keyword := fault.keyword;
			message := fault.message;
			RETURN NEXT;
		END LOOP;
	END LOOP;
END
$$;
COMMENT ON FUNCTION dpmeta.validate_query(dpmeta.dpid, text, integer) IS
	'how the rows of a query do not keep the contract of a table: the number of each such row, from 1, and its faults, so many at most. The query runs as yourself. Raises what get_schema() does';

CREATE FUNCTION dpmeta.validate_rows(id dpmeta.dpid, rows_of regclass, most integer DEFAULT 1000)
	RETURNS TABLE (row_number bigint, pointer text, keyword text, message text)
	LANGUAGE sql STABLE STRICT
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT v.row_number, v.pointer, v.keyword, v.message
	FROM dpmeta.validate_query(validate_rows.id, format('SELECT * FROM %s', rows_of), most) v
$$;
COMMENT ON FUNCTION dpmeta.validate_rows(dpmeta.dpid, regclass, integer) IS
	'the same as validate_query(), of all rows of a table or view';

CREATE FUNCTION dpmeta.validate_lines(id dpmeta.dpid, body text, most integer DEFAULT 1000) RETURNS json
	LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	schema		jsonb := dpmeta.row_schema(id);
	line		record;
	document	jsonb;
	rows		bigint := 0;
	valid		bigint := 0;
	total		bigint := 0;
	found		jsonb;
	faults		jsonb[] := '{}';
BEGIN
	FOR line IN
		SELECT e.item::text AS text, e.number
		FROM jsonb_array_elements(CASE WHEN body ~ E'^\\s*\\[' THEN body::jsonb ELSE '[]' END) WITH ORDINALITY e(item, number)
		UNION ALL
		SELECT l.text, l.number
		FROM regexp_split_to_table(CASE WHEN body ~ E'^\\s*\\[' THEN '' ELSE body END, E'\r?\n') WITH ORDINALITY l(text, number)
		WHERE l.text !~ E'^\\s*$'
	LOOP
		rows := rows + 1;
		found := NULL;
		BEGIN
			document := line.text;
			IF dpmeta.is_valid(schema, document, true) THEN
				valid := valid + 1;
				CONTINUE;
			END IF;
		EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
			found := jsonb_build_array(jsonb_build_object('line', line.number, 'pointer', '', 'keyword', 'json',
				'message', concat('It is not JSON: ', SQLERRM, '.')));
		END;
		-- what is not shown is not looked for: one fault is enough to count
		IF total >= most THEN
			total := total + 1;
			CONTINUE;
		END IF;
		IF found IS NULL THEN
			SELECT jsonb_agg(jsonb_build_object('line', line.number, 'pointer', v.instance_pointer,
				'keyword', v.keyword, 'message', v.message))
			INTO found
			FROM dpmeta.validate(schema, document, true) v WHERE v.branch IS NULL;
		END IF;
		total := total + jsonb_array_length(found);
		faults := faults || ARRAY(SELECT f.value FROM jsonb_array_elements(found) f);
	END LOOP;
	RETURN json_build_object('rows', rows, 'valid', valid, 'faults', to_jsonb(faults[:most]), 'truncated', total > most);
END
$$;
COMMENT ON FUNCTION dpmeta.validate_lines(dpmeta.dpid, text, integer) IS
	'whether rows keep the contract of a table: a JSON array, or a row in JSON on each line. How many there are, how many are valid, and the faults by line (or place in the array), from 1, so many at most. Raises what get_schema() does';

REVOKE ALL ON FUNCTION dpmeta.is_valid_row(dpmeta.dpid, jsonb), dpmeta.validate_query(dpmeta.dpid, text, integer),
	dpmeta.validate_rows(dpmeta.dpid, regclass, integer), dpmeta.validate_lines(dpmeta.dpid, text, integer) FROM PUBLIC;
