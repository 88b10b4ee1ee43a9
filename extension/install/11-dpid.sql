-- dpmeta.dpid: the ID of a data product or of one of its tables,
-- dp:NAME[:vMAJOR[.MINOR]][:TABLE].

CREATE TYPE dpmeta.dpid;

CREATE FUNCTION dpmeta.dpid_in(cstring) RETURNS dpmeta.dpid
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_out(dpmeta.dpid) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_recv(internal) RETURNS dpmeta.dpid
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_send(dpmeta.dpid) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE dpmeta.dpid (
	INPUT = dpmeta.dpid_in,
	OUTPUT = dpmeta.dpid_out,
	RECEIVE = dpmeta.dpid_recv,
	SEND = dpmeta.dpid_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = main
);

COMMENT ON TYPE dpmeta.dpid IS
	'ID of a data product or of one of its tables, dp:NAME[:vMAJOR[.MINOR]][:TABLE]';
COMMENT ON FUNCTION dpmeta.dpid_in(cstring) IS 'I/O';
COMMENT ON FUNCTION dpmeta.dpid_out(dpmeta.dpid) IS 'I/O';
COMMENT ON FUNCTION dpmeta.dpid_recv(internal) IS 'I/O';
COMMENT ON FUNCTION dpmeta.dpid_send(dpmeta.dpid) IS 'I/O';

-- Comparison: by name (C collation), then version (none, v1, v1.0, v1.1, v2),
-- then table (none first)

CREATE FUNCTION dpmeta.dpid_eq(dpmeta.dpid, dpmeta.dpid) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_ne(dpmeta.dpid, dpmeta.dpid) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_lt(dpmeta.dpid, dpmeta.dpid) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_le(dpmeta.dpid, dpmeta.dpid) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_gt(dpmeta.dpid, dpmeta.dpid) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_ge(dpmeta.dpid, dpmeta.dpid) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR dpmeta.= (
	LEFTARG = dpmeta.dpid, RIGHTARG = dpmeta.dpid,
	FUNCTION = dpmeta.dpid_eq,
	COMMUTATOR = OPERATOR(dpmeta.=), NEGATOR = OPERATOR(dpmeta.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR dpmeta.<> (
	LEFTARG = dpmeta.dpid, RIGHTARG = dpmeta.dpid,
	FUNCTION = dpmeta.dpid_ne,
	COMMUTATOR = OPERATOR(dpmeta.<>), NEGATOR = OPERATOR(dpmeta.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR dpmeta.< (
	LEFTARG = dpmeta.dpid, RIGHTARG = dpmeta.dpid,
	FUNCTION = dpmeta.dpid_lt,
	COMMUTATOR = OPERATOR(dpmeta.>), NEGATOR = OPERATOR(dpmeta.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);

CREATE OPERATOR dpmeta.<= (
	LEFTARG = dpmeta.dpid, RIGHTARG = dpmeta.dpid,
	FUNCTION = dpmeta.dpid_le,
	COMMUTATOR = OPERATOR(dpmeta.>=), NEGATOR = OPERATOR(dpmeta.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);

CREATE OPERATOR dpmeta.> (
	LEFTARG = dpmeta.dpid, RIGHTARG = dpmeta.dpid,
	FUNCTION = dpmeta.dpid_gt,
	COMMUTATOR = OPERATOR(dpmeta.<), NEGATOR = OPERATOR(dpmeta.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR dpmeta.>= (
	LEFTARG = dpmeta.dpid, RIGHTARG = dpmeta.dpid,
	FUNCTION = dpmeta.dpid_ge,
	COMMUTATOR = OPERATOR(dpmeta.<=), NEGATOR = OPERATOR(dpmeta.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);

COMMENT ON FUNCTION dpmeta.dpid_eq(dpmeta.dpid, dpmeta.dpid) IS 'implementation of = operator';
COMMENT ON FUNCTION dpmeta.dpid_ne(dpmeta.dpid, dpmeta.dpid) IS 'implementation of <> operator';
COMMENT ON FUNCTION dpmeta.dpid_lt(dpmeta.dpid, dpmeta.dpid) IS 'implementation of < operator';
COMMENT ON FUNCTION dpmeta.dpid_le(dpmeta.dpid, dpmeta.dpid) IS 'implementation of <= operator';
COMMENT ON FUNCTION dpmeta.dpid_gt(dpmeta.dpid, dpmeta.dpid) IS 'implementation of > operator';
COMMENT ON FUNCTION dpmeta.dpid_ge(dpmeta.dpid, dpmeta.dpid) IS 'implementation of >= operator';
COMMENT ON OPERATOR dpmeta.= (dpmeta.dpid, dpmeta.dpid) IS 'equal';
COMMENT ON OPERATOR dpmeta.<> (dpmeta.dpid, dpmeta.dpid) IS 'not equal';
COMMENT ON OPERATOR dpmeta.< (dpmeta.dpid, dpmeta.dpid) IS 'less than';
COMMENT ON OPERATOR dpmeta.<= (dpmeta.dpid, dpmeta.dpid) IS 'less than or equal';
COMMENT ON OPERATOR dpmeta.> (dpmeta.dpid, dpmeta.dpid) IS 'greater than';
COMMENT ON OPERATOR dpmeta.>= (dpmeta.dpid, dpmeta.dpid) IS 'greater than or equal';

-- Operator classes

CREATE FUNCTION dpmeta.dpid_cmp(dpmeta.dpid, dpmeta.dpid) RETURNS integer
	AS 'MODULE_PATHNAME', 'bytewise_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_sortsupport(internal) RETURNS void
	AS 'MODULE_PATHNAME', 'bytewise_sortsupport' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_hash(dpmeta.dpid) RETURNS integer
	AS 'MODULE_PATHNAME', 'bytewise_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_hash_extended(dpmeta.dpid, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'bytewise_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION dpmeta.dpid_cmp(dpmeta.dpid, dpmeta.dpid) IS 'less-equal-greater';
COMMENT ON FUNCTION dpmeta.dpid_sortsupport(internal) IS 'sort support';
COMMENT ON FUNCTION dpmeta.dpid_hash(dpmeta.dpid) IS 'hash';
COMMENT ON FUNCTION dpmeta.dpid_hash_extended(dpmeta.dpid, bigint) IS 'hash';

-- Equal values are equal bytes, so that an index may deduplicate them.
CREATE OPERATOR CLASS dpmeta.dpid_ops
	DEFAULT FOR TYPE dpmeta.dpid USING btree AS
	OPERATOR 1 dpmeta.<,
	OPERATOR 2 dpmeta.<=,
	OPERATOR 3 dpmeta.=,
	OPERATOR 4 dpmeta.>=,
	OPERATOR 5 dpmeta.>,
	FUNCTION 1 dpmeta.dpid_cmp(dpmeta.dpid, dpmeta.dpid),
	FUNCTION 2 dpmeta.dpid_sortsupport(internal),
	FUNCTION 4 pg_catalog.btequalimage(oid);

CREATE OPERATOR CLASS dpmeta.dpid_ops
	DEFAULT FOR TYPE dpmeta.dpid USING hash AS
	OPERATOR 1 dpmeta.=,
	FUNCTION 1 dpmeta.dpid_hash(dpmeta.dpid),
	FUNCTION 2 dpmeta.dpid_hash_extended(dpmeta.dpid, bigint);

COMMENT ON OPERATOR CLASS dpmeta.dpid_ops USING btree IS 'by name (C collation), then version (none, v1, v1.0, v1.1, v2), then table (none first)';
COMMENT ON OPERATOR FAMILY dpmeta.dpid_ops USING btree IS 'by name (C collation), then version (none, v1, v1.0, v1.1, v2), then table (none first)';
COMMENT ON OPERATOR CLASS dpmeta.dpid_ops USING hash IS 'equality';
COMMENT ON OPERATOR FAMILY dpmeta.dpid_ops USING hash IS 'equality';

-- Aggregates

CREATE FUNCTION dpmeta.dpid_larger(dpmeta.dpid, dpmeta.dpid) RETURNS dpmeta.dpid
	AS 'MODULE_PATHNAME', 'bytewise_larger' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_smaller(dpmeta.dpid, dpmeta.dpid) RETURNS dpmeta.dpid
	AS 'MODULE_PATHNAME', 'bytewise_smaller' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE dpmeta.max(dpmeta.dpid) (
	SFUNC = dpmeta.dpid_larger,
	STYPE = dpmeta.dpid,
	COMBINEFUNC = dpmeta.dpid_larger,
	SORTOP = OPERATOR(dpmeta.>),
	PARALLEL = SAFE
);

CREATE AGGREGATE dpmeta.min(dpmeta.dpid) (
	SFUNC = dpmeta.dpid_smaller,
	STYPE = dpmeta.dpid,
	COMBINEFUNC = dpmeta.dpid_smaller,
	SORTOP = OPERATOR(dpmeta.<),
	PARALLEL = SAFE
);

COMMENT ON FUNCTION dpmeta.dpid_larger(dpmeta.dpid, dpmeta.dpid) IS 'last of two';
COMMENT ON FUNCTION dpmeta.dpid_smaller(dpmeta.dpid, dpmeta.dpid) IS 'first of two';
COMMENT ON AGGREGATE dpmeta.max(dpmeta.dpid) IS 'last of all input values';
COMMENT ON AGGREGATE dpmeta.min(dpmeta.dpid) IS 'first of all input values';

-- Constructor, accessors, casts

CREATE FUNCTION dpmeta.dpid(
	name text,
	version dpmeta.dpversion DEFAULT NULL,
	table_name text DEFAULT NULL) RETURNS dpmeta.dpid
	AS 'MODULE_PATHNAME', 'dpid_construct'
	LANGUAGE C IMMUTABLE CALLED ON NULL INPUT PARALLEL SAFE;

CREATE FUNCTION dpmeta.name(id dpmeta.dpid) RETURNS text
	AS 'MODULE_PATHNAME', 'dpid_get_name' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.version(id dpmeta.dpid) RETURNS dpmeta.dpversion
	AS 'MODULE_PATHNAME', 'dpid_get_version' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.major(id dpmeta.dpid) RETURNS integer
	AS 'MODULE_PATHNAME', 'dpid_get_major' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.table_name(id dpmeta.dpid) RETURNS text
	AS 'MODULE_PATHNAME', 'dpid_get_table' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.is_table(id dpmeta.dpid) RETURNS boolean
	AS 'MODULE_PATHNAME', 'dpid_is_table' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION dpmeta.dpid(text, dpmeta.dpversion, text) IS
	'the ID of these parts: dpid(name => ''x'', version => ''v1.0'') is dp:x:v1.0; NULL of no name';
COMMENT ON FUNCTION dpmeta.name(dpmeta.dpid) IS
	'name of the data product: x of dp:x:v1.0:t';
COMMENT ON FUNCTION dpmeta.version(dpmeta.dpid) IS
	'version: v1.0 of dp:x:v1.0:t; NULL unless the ID gives major and minor';
COMMENT ON FUNCTION dpmeta.major(dpmeta.dpid) IS
	'major version: 1 of dp:x:v1; NULL if the ID gives none';
COMMENT ON FUNCTION dpmeta.table_name(dpmeta.dpid) IS
	'name of the table: t of dp:x:v1.0:t; NULL if it is the ID of a data product';
COMMENT ON FUNCTION dpmeta.is_table(dpmeta.dpid) IS
	'whether it is the ID of a table, not of a data product';

CREATE CAST (dpmeta.dpid AS text) WITH INOUT AS ASSIGNMENT;
-- a tool's parameters are of text or varchar
CREATE CAST (text AS dpmeta.dpid) WITH INOUT AS IMPLICIT;
CREATE CAST (varchar AS dpmeta.dpid) WITH INOUT AS IMPLICIT;

COMMENT ON CAST (dpmeta.dpid AS text) IS 'text form';
COMMENT ON CAST (text AS dpmeta.dpid) IS 'parsed text';
COMMENT ON CAST (varchar AS dpmeta.dpid) IS 'parsed text';

/*
 * A condition on an ID that a query puts together from its parts is one on
 * them, if the planner is told.
 */
CREATE FUNCTION dpmeta.dpid_eq_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpid_same(dpmeta.dpid, dpmeta.dpid) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION dpmeta.dpid_eq_support(internal) IS 'planner support of = for IDs';
COMMENT ON FUNCTION dpmeta.dpid_same(dpmeta.dpid, dpmeta.dpid) IS
	'private: =, for the planner support of that, which must not make what it is called for';

ALTER FUNCTION dpmeta.dpid_eq(dpmeta.dpid, dpmeta.dpid) SUPPORT dpmeta.dpid_eq_support;
