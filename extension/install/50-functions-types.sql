/*
 * What the functions answer.
 */
CREATE TYPE dpmeta.resource AS (
	id			dpmeta.dpid,
	etag		text,
	document	json,
	retired_at	timestamptz,
	sunset		date,
	successor	dpmeta.dpid
);

COMMENT ON TYPE dpmeta.resource IS
	'a resource as it is read: its canonical ID, its strong entity tag (without quotes), the document; since when the data product is retired, its sunset date, and for an older major the ID that succeeds it';

CREATE TYPE dpmeta.write_result AS (
	id			dpmeta.dpid,
	etag		text,
	document	json,
	retired_at	timestamptz,
	sunset		date,
	successor	dpmeta.dpid,
	kind		text,
	changes		jsonb,
	replayed	boolean
);

COMMENT ON TYPE dpmeta.write_result IS
	'a resource after a write; kind is none, initial, minor, major, deletion or restoration, changes says what made it so, replayed whether this is the answer to an earlier copy of the request';

CREATE FUNCTION dpmeta.rfc3339(timestamptz) RETURNS text
	AS 'MODULE_PATHNAME', 'dpmeta_rfc3339' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dpmeta.rfc3339(timestamptz) IS
	'a time as the documents spell it: RFC 3339 in UTC with microseconds';

CREATE FUNCTION dpmeta.check_actor(actor text, actor_roles text[]) RETURNS void
	AS 'MODULE_PATHNAME', 'dpmeta_check_actor' LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION dpmeta.check_actor(text, text[]) IS
	'raises MD009 or MD010 unless a write may be made on behalf of the actor; EXECUTE on this function is the right to act for others';
