/*
 * Who reads a data product, as they said themselves.  An update has this very file.
 */

CREATE TABLE dpmeta.consumer (
	product_id		bigint NOT NULL REFERENCES dpmeta.product,
	name			text COLLATE "C" NOT NULL,
	contact			text NOT NULL,
	major			integer NOT NULL,
	minor			integer,
	tables			text[],
	registered_at	timestamptz NOT NULL,
	changed_at		timestamptz NOT NULL,
	registered_by	text NOT NULL,
	PRIMARY KEY (product_id, name)
);
COMMENT ON TABLE dpmeta.consumer IS 'private: one row for each consumer of a data product';
COMMENT ON COLUMN dpmeta.consumer.minor IS 'NULL: whatever is the newest live version of the major';
COMMENT ON COLUMN dpmeta.consumer.tables IS 'NULL: all that there are, or will be';
COMMENT ON COLUMN dpmeta.consumer.registered_by IS 'who wrote it last';

SELECT pg_catalog.pg_extension_config_dump('dpmeta.consumer', '');

CREATE FUNCTION dpmeta.consumer_version(major integer, minor integer) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.concat('v', major, '.' OPERATOR(pg_catalog.||) minor::text);
COMMENT ON FUNCTION dpmeta.consumer_version(integer, integer) IS
	'private: a major, or one version, as a consumer says it';

CREATE FUNCTION dpmeta.consumer_summary(name text, contact text, major integer, minor integer,
		tables text[])
	RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT pg_catalog.jsonb_build_object('name', name, 'contact', contact,
			'version', dpmeta.consumer_version(major, minor))
		OPERATOR(pg_catalog.||) CASE WHEN tables IS NULL THEN '{}'
			ELSE pg_catalog.jsonb_build_object('tables', tables) END;
END;
COMMENT ON FUNCTION dpmeta.consumer_summary(text, text, integer, integer, text[]) IS
	'private: a consumer as affectedConsumers names it';

CREATE FUNCTION dpmeta.consumer_document(data_product text, consumer dpmeta.consumer) RETURNS json
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT pg_catalog.row_to_json(d)
	FROM (SELECT consumer.name AS "name", data_product AS "dataProduct",
		consumer.contact AS "contact",
		dpmeta.consumer_version(consumer.major, consumer.minor) AS "version",
		consumer.tables AS "tables", consumer.registered_by AS "registeredBy",
		dpmeta.rfc3339(consumer.registered_at) AS "registered",
		dpmeta.rfc3339(consumer.changed_at) AS "changed") d;
END;
COMMENT ON FUNCTION dpmeta.consumer_document(text, dpmeta.consumer) IS
	'private: the document of a consumer';

CREATE FUNCTION dpmeta.put_consumer(id dpmeta.dpid, name text, document jsonb,
		if_match text[] DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL,
		OUT etag text, OUT document json, OUT kind text)
	AS 'MODULE_PATHNAME', 'dpmeta_put_consumer' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.put_consumer(dpmeta.dpid, text, jsonb, text[], boolean, text, text[]) IS
	'registers who reads a data product, or changes what was said: contact, version (a major or one version, which is live) and, if not all of them, tables (MD001, MD002, MD003, MD007, MD010). Makes no version. kind is created, changed or none. if_match: only if one of these entity tags is current (MD006); dry_run: write nothing; actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.delete_consumer(id dpmeta.dpid, name text,
		if_match text[] DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL,
		OUT etag text, OUT document json, OUT kind text)
	AS 'MODULE_PATHNAME', 'dpmeta_delete_consumer' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.delete_consumer(dpmeta.dpid, text, text[], boolean, text, text[]) IS
	'forgets a consumer of a data product (MD001, MD002, MD003, MD010), and returns its last document; for the other arguments see put_consumer()';

CREATE FUNCTION dpmeta.list_consumers(id dpmeta.dpid) RETURNS json
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SECURITY DEFINER
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	wanted	dpmeta.dpid := id;
BEGIN
	PERFORM g.id FROM dpmeta.get_data_product(wanted) g;
	RETURN coalesce((
		SELECT concat('[', string_agg(dpmeta.consumer_document(p.name, c)::text, ',' ORDER BY c.name), ']')::json
		FROM dpmeta.product p
		JOIN dpmeta.consumer c ON c.product_id = p.product_id
		WHERE p.name = dpmeta.name(wanted)
			AND coalesce(c.major = dpmeta.major(wanted), true)
			AND coalesce(c.minor = dpmeta.minor(dpmeta.version(wanted)),
				dpmeta.version(wanted) IS NULL)),
		'[]');
END
$$;
COMMENT ON FUNCTION dpmeta.list_consumers(dpmeta.dpid) IS
	'who reads a data product, or the major or the version of it that the ID gives: an array of documents, by name. Raises what get_data_product() does';

CREATE FUNCTION dpmeta.get_consumer(id dpmeta.dpid, name text) RETURNS json
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SECURITY DEFINER
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	wanted	dpmeta.dpid := id;
	sought	text := name;
	found	json;
BEGIN
	PERFORM g.id FROM dpmeta.get_data_product(wanted) g;
	SELECT dpmeta.consumer_document(p.name, c) INTO found
	FROM dpmeta.product p
	JOIN dpmeta.consumer c ON c.product_id = p.product_id
	WHERE p.name = dpmeta.name(wanted) AND c.name = sought;
	IF found IS NULL THEN
		RAISE 'consumer does not exist with name % of %', sought, wanted
			USING ERRCODE = 'MD002', DETAIL = 'Nobody is registered under this name.', HINT = 'List the consumers of the data product.';
	END IF;
	RETURN found;
END
$$;
COMMENT ON FUNCTION dpmeta.get_consumer(dpmeta.dpid, text) IS
	'what is known of a consumer of a data product. Raises what get_data_product() does, and MD002 if there is none of that name';

CREATE VIEW dpmeta.consumers AS
	SELECT p.name AS data_product,
		c.name,
		c.contact,
		dpmeta.consumer_version(c.major, c.minor) AS version,
		c.major,
		c.minor,
		c.tables,
		dpmeta.version_text((
			SELECT max(v.version)
			FROM dpmeta.product_version v
			WHERE v.product_id = c.product_id AND v.deleted_at IS NULL
				AND v.version >= dpmeta.dpversion(c.major, coalesce(c.minor, 0))
				AND v.version <= dpmeta.dpversion(c.major, coalesce(c.minor, 2147483647)))) COLLATE dpmeta.version_order AS reads_version,
		dpmeta.version_text(p.current) COLLATE dpmeta.version_order AS current_version,
		c.major < dpmeta.major(p.current) AS is_on_old_major,
		p.domain,
		p.owner AS data_product_owner,
		p.status,
		c.registered_at,
		c.changed_at,
		c.registered_by
	FROM dpmeta.consumer c
	JOIN dpmeta.product p ON p.product_id = c.product_id;

COMMENT ON VIEW dpmeta.consumers IS 'who reads which data product, one row for each consumer: WHERE is_on_old_major finds those who have yet to move';
COMMENT ON COLUMN dpmeta.consumers.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.consumers.name IS 'name of the consumer, unique within the data product';
COMMENT ON COLUMN dpmeta.consumers.contact IS 'whom to tell';
COMMENT ON COLUMN dpmeta.consumers.version IS 'what it reads, as it said: a major such as v1, or one version such as v1.0';
COMMENT ON COLUMN dpmeta.consumers.major IS 'major that it reads';
COMMENT ON COLUMN dpmeta.consumers.minor IS 'minor that it is pinned to; NULL if it follows the major';
COMMENT ON COLUMN dpmeta.consumers.tables IS 'tables that it reads; NULL for all';
COMMENT ON COLUMN dpmeta.consumers.reads_version IS 'version that it gets now; NULL if that was deleted';
COMMENT ON COLUMN dpmeta.consumers.current_version IS 'newest live version of the data product; NULL if it was deleted';
COMMENT ON COLUMN dpmeta.consumers.is_on_old_major IS 'whether the data product has a newer major; NULL if it was deleted';
COMMENT ON COLUMN dpmeta.consumers.domain IS 'domain of the data product';
COMMENT ON COLUMN dpmeta.consumers.data_product_owner IS 'owner of the data product';
COMMENT ON COLUMN dpmeta.consumers.status IS 'status of the data product: draft, published or retired';
COMMENT ON COLUMN dpmeta.consumers.registered_at IS 'when it was registered';
COMMENT ON COLUMN dpmeta.consumers.changed_at IS 'when it was written last';
COMMENT ON COLUMN dpmeta.consumers.registered_by IS 'who wrote it last';

REVOKE ALL ON TABLE dpmeta.consumer, dpmeta.consumers FROM PUBLIC;
REVOKE ALL ON FUNCTION dpmeta.put_consumer(dpmeta.dpid, text, jsonb, text[], boolean, text, text[]),
	dpmeta.delete_consumer(dpmeta.dpid, text, text[], boolean, text, text[]),
	dpmeta.list_consumers(dpmeta.dpid), dpmeta.get_consumer(dpmeta.dpid, text),
	dpmeta.consumer_version(integer, integer),
	dpmeta.consumer_summary(text, text, integer, integer, text[]),
	dpmeta.consumer_document(text, dpmeta.consumer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dpmeta.consumer_version(integer, integer),
	dpmeta.consumer_summary(text, text, integer, integer, text[]),
	dpmeta.consumer_document(text, dpmeta.consumer) TO PUBLIC;
