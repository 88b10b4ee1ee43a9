/*
 * The entity tag of a document that is no version of a data product, whose tag is C's.
 * An update has this very file.  It is no MD5, which a server that keeps to FIPS refuses.
 */
CREATE FUNCTION dpmeta.content_etag(document json) RETURNS text
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	RETURN pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(document::text, 'UTF8')), 'hex'), 32);
COMMENT ON FUNCTION dpmeta.content_etag(json) IS
	'private: the entity tag of a document, which depends on its text alone';
REVOKE ALL ON FUNCTION dpmeta.content_etag(json) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dpmeta.content_etag(json) TO PUBLIC;
