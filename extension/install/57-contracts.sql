/*
 * A data product with all of its tables as one document.  An update has this very
 * file.
 */

CREATE FUNCTION dpmeta.get_contract(id dpmeta.dpid, as_of timestamptz DEFAULT NULL)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_get_contract' LANGUAGE C
	STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION dpmeta.get_contract(dpmeta.dpid, timestamptz) IS
	'the data product that an ID resolves to with all of its tables, in one document; as_of: at that time, as it stood then. Raises what get_data_product() does';

CREATE FUNCTION dpmeta.put_contract(id dpmeta.dpid, document jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL,
		prune boolean DEFAULT false, strict boolean DEFAULT false)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_put_contract' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 10000;
COMMENT ON FUNCTION dpmeta.put_contract(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[], boolean, boolean) IS
	'makes a data product and its tables what a document says, in one version, whose kind is that of the greatest change; registers the product if none is live under an ID without a version (MD002, MD003, MD005, MD007, MD011). Tables that the document does not have are kept, and named in keptTables of the answer; prune: they are removed. The document may be one of the Open Data Contract Standard, 3.0 or 3.1: what has no counterpart here is named in warnings of the answer; strict: it is MD007. For the other arguments see register_data_product()';

CREATE FUNCTION dpmeta.put_contracts(documents jsonb,
		idempotent boolean DEFAULT false, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL,
		prune boolean DEFAULT false)
	RETURNS json
	AS 'MODULE_PATHNAME', 'dpmeta_put_contracts' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 100000;
COMMENT ON FUNCTION dpmeta.put_contracts(jsonb, boolean, boolean, text, text[], boolean) IS
	'does what put_contract() does with each document of an array: all of them, or none. Each says its name, and no two have the same. Returns an array with the id, version, kind and changes of each, in the order of the documents. A fault (MD007) says which document it is in, from 1; the message of any other refusal begins with that';

CREATE FUNCTION dpmeta.read_documents(body text) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	documents	jsonb[] := '{}';
	line		record;
BEGIN
	IF body ~ E'^\\s*\\[' THEN
		RETURN body::jsonb;
	END IF;
	FOR line IN
		SELECT l.text, l.number
		FROM regexp_split_to_table(body, E'\\r?\\n') WITH ORDINALITY l(text, number)
		WHERE l.text !~ E'^\\s*$'
	LOOP
		BEGIN
			documents := documents || line.text::jsonb;
		EXCEPTION WHEN invalid_text_representation OR untranslatable_character THEN
			RAISE 'line % is not a JSON document', line.number
				USING ERRCODE = 'invalid_text_representation', DETAIL = SQLERRM,
					HINT = 'Send a JSON array, or one document on each line.';
		END;
	END LOOP;
	RETURN to_jsonb(documents);
END
$$;
COMMENT ON FUNCTION dpmeta.read_documents(text) IS
	'private: the documents in a request''s body, which is a JSON array or has one on each line';

REVOKE ALL ON FUNCTION dpmeta.get_contract(dpmeta.dpid, timestamptz),
	dpmeta.put_contract(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[], boolean, boolean),
	dpmeta.put_contracts(jsonb, boolean, boolean, text, text[], boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION dpmeta.read_documents(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dpmeta.read_documents(text) TO PUBLIC;
