-- complain if the script is sourced in psql rather than by CREATE EXTENSION
\echo Use "CREATE EXTENSION dpmeta" to load this file. \quit

/*
 * A member of the extension, not the schema it is "in": that one PostgreSQL
 * takes over from whoever made it before, and leaves behind on DROP.
 */
CREATE SCHEMA dpmeta;
COMMENT ON SCHEMA dpmeta IS 'metadata store for data products';

-- operators are written without it, and only what is ours may be found
SET LOCAL search_path = dpmeta, pg_temp;
-- dpmeta.dpversion: the version of a data product, vMAJOR.MINOR.

CREATE TYPE dpmeta.dpversion;

CREATE FUNCTION dpmeta.dpversion_in(cstring) RETURNS dpmeta.dpversion
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_out(dpmeta.dpversion) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_recv(internal) RETURNS dpmeta.dpversion
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_send(dpmeta.dpversion) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE dpmeta.dpversion (
	INPUT = dpmeta.dpversion_in,
	OUTPUT = dpmeta.dpversion_out,
	RECEIVE = dpmeta.dpversion_recv,
	SEND = dpmeta.dpversion_send,
	INTERNALLENGTH = 8,
	PASSEDBYVALUE,
	ALIGNMENT = double
);

COMMENT ON TYPE dpmeta.dpversion IS
	'version of a data product, vMAJOR.MINOR, ordered by number';
COMMENT ON FUNCTION dpmeta.dpversion_in(cstring) IS 'I/O';
COMMENT ON FUNCTION dpmeta.dpversion_out(dpmeta.dpversion) IS 'I/O';
COMMENT ON FUNCTION dpmeta.dpversion_recv(internal) IS 'I/O';
COMMENT ON FUNCTION dpmeta.dpversion_send(dpmeta.dpversion) IS 'I/O';

-- Comparison: by major, then by minor, as numbers

CREATE FUNCTION dpmeta.dpversion_eq(dpmeta.dpversion, dpmeta.dpversion) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_ne(dpmeta.dpversion, dpmeta.dpversion) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_lt(dpmeta.dpversion, dpmeta.dpversion) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_le(dpmeta.dpversion, dpmeta.dpversion) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_gt(dpmeta.dpversion, dpmeta.dpversion) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_ge(dpmeta.dpversion, dpmeta.dpversion) RETURNS boolean
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR dpmeta.= (
	LEFTARG = dpmeta.dpversion, RIGHTARG = dpmeta.dpversion,
	FUNCTION = dpmeta.dpversion_eq,
	COMMUTATOR = OPERATOR(dpmeta.=), NEGATOR = OPERATOR(dpmeta.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR dpmeta.<> (
	LEFTARG = dpmeta.dpversion, RIGHTARG = dpmeta.dpversion,
	FUNCTION = dpmeta.dpversion_ne,
	COMMUTATOR = OPERATOR(dpmeta.<>), NEGATOR = OPERATOR(dpmeta.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR dpmeta.< (
	LEFTARG = dpmeta.dpversion, RIGHTARG = dpmeta.dpversion,
	FUNCTION = dpmeta.dpversion_lt,
	COMMUTATOR = OPERATOR(dpmeta.>), NEGATOR = OPERATOR(dpmeta.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);

CREATE OPERATOR dpmeta.<= (
	LEFTARG = dpmeta.dpversion, RIGHTARG = dpmeta.dpversion,
	FUNCTION = dpmeta.dpversion_le,
	COMMUTATOR = OPERATOR(dpmeta.>=), NEGATOR = OPERATOR(dpmeta.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);

CREATE OPERATOR dpmeta.> (
	LEFTARG = dpmeta.dpversion, RIGHTARG = dpmeta.dpversion,
	FUNCTION = dpmeta.dpversion_gt,
	COMMUTATOR = OPERATOR(dpmeta.<), NEGATOR = OPERATOR(dpmeta.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR dpmeta.>= (
	LEFTARG = dpmeta.dpversion, RIGHTARG = dpmeta.dpversion,
	FUNCTION = dpmeta.dpversion_ge,
	COMMUTATOR = OPERATOR(dpmeta.<=), NEGATOR = OPERATOR(dpmeta.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);

COMMENT ON FUNCTION dpmeta.dpversion_eq(dpmeta.dpversion, dpmeta.dpversion) IS 'implementation of = operator';
COMMENT ON FUNCTION dpmeta.dpversion_ne(dpmeta.dpversion, dpmeta.dpversion) IS 'implementation of <> operator';
COMMENT ON FUNCTION dpmeta.dpversion_lt(dpmeta.dpversion, dpmeta.dpversion) IS 'implementation of < operator';
COMMENT ON FUNCTION dpmeta.dpversion_le(dpmeta.dpversion, dpmeta.dpversion) IS 'implementation of <= operator';
COMMENT ON FUNCTION dpmeta.dpversion_gt(dpmeta.dpversion, dpmeta.dpversion) IS 'implementation of > operator';
COMMENT ON FUNCTION dpmeta.dpversion_ge(dpmeta.dpversion, dpmeta.dpversion) IS 'implementation of >= operator';
COMMENT ON OPERATOR dpmeta.= (dpmeta.dpversion, dpmeta.dpversion) IS 'equal';
COMMENT ON OPERATOR dpmeta.<> (dpmeta.dpversion, dpmeta.dpversion) IS 'not equal';
COMMENT ON OPERATOR dpmeta.< (dpmeta.dpversion, dpmeta.dpversion) IS 'less than';
COMMENT ON OPERATOR dpmeta.<= (dpmeta.dpversion, dpmeta.dpversion) IS 'less than or equal';
COMMENT ON OPERATOR dpmeta.> (dpmeta.dpversion, dpmeta.dpversion) IS 'greater than';
COMMENT ON OPERATOR dpmeta.>= (dpmeta.dpversion, dpmeta.dpversion) IS 'greater than or equal';

-- Operator classes

CREATE FUNCTION dpmeta.dpversion_cmp(dpmeta.dpversion, dpmeta.dpversion) RETURNS integer
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_sortsupport(internal) RETURNS void
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_hash(dpmeta.dpversion) RETURNS integer
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_hash_extended(dpmeta.dpversion, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION dpmeta.dpversion_cmp(dpmeta.dpversion, dpmeta.dpversion) IS 'less-equal-greater';
COMMENT ON FUNCTION dpmeta.dpversion_sortsupport(internal) IS 'sort support';
COMMENT ON FUNCTION dpmeta.dpversion_hash(dpmeta.dpversion) IS 'hash';
COMMENT ON FUNCTION dpmeta.dpversion_hash_extended(dpmeta.dpversion, bigint) IS 'hash';

-- Equal values are equal bytes, so that an index may deduplicate them.
CREATE OPERATOR CLASS dpmeta.dpversion_ops
	DEFAULT FOR TYPE dpmeta.dpversion USING btree AS
	OPERATOR 1 dpmeta.<,
	OPERATOR 2 dpmeta.<=,
	OPERATOR 3 dpmeta.=,
	OPERATOR 4 dpmeta.>=,
	OPERATOR 5 dpmeta.>,
	FUNCTION 1 dpmeta.dpversion_cmp(dpmeta.dpversion, dpmeta.dpversion),
	FUNCTION 2 dpmeta.dpversion_sortsupport(internal),
	FUNCTION 4 pg_catalog.btequalimage(oid);

CREATE OPERATOR CLASS dpmeta.dpversion_ops
	DEFAULT FOR TYPE dpmeta.dpversion USING hash AS
	OPERATOR 1 dpmeta.=,
	FUNCTION 1 dpmeta.dpversion_hash(dpmeta.dpversion),
	FUNCTION 2 dpmeta.dpversion_hash_extended(dpmeta.dpversion, bigint);

COMMENT ON OPERATOR CLASS dpmeta.dpversion_ops USING btree IS 'by major, then by minor, as numbers';
COMMENT ON OPERATOR FAMILY dpmeta.dpversion_ops USING btree IS 'by major, then by minor, as numbers';
COMMENT ON OPERATOR CLASS dpmeta.dpversion_ops USING hash IS 'equality';
COMMENT ON OPERATOR FAMILY dpmeta.dpversion_ops USING hash IS 'equality';

-- Aggregates

CREATE FUNCTION dpmeta.dpversion_larger(dpmeta.dpversion, dpmeta.dpversion) RETURNS dpmeta.dpversion
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.dpversion_smaller(dpmeta.dpversion, dpmeta.dpversion) RETURNS dpmeta.dpversion
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE AGGREGATE dpmeta.max(dpmeta.dpversion) (
	SFUNC = dpmeta.dpversion_larger,
	STYPE = dpmeta.dpversion,
	COMBINEFUNC = dpmeta.dpversion_larger,
	SORTOP = OPERATOR(dpmeta.>),
	PARALLEL = SAFE
);

CREATE AGGREGATE dpmeta.min(dpmeta.dpversion) (
	SFUNC = dpmeta.dpversion_smaller,
	STYPE = dpmeta.dpversion,
	COMBINEFUNC = dpmeta.dpversion_smaller,
	SORTOP = OPERATOR(dpmeta.<),
	PARALLEL = SAFE
);

COMMENT ON FUNCTION dpmeta.dpversion_larger(dpmeta.dpversion, dpmeta.dpversion) IS 'latest of two';
COMMENT ON FUNCTION dpmeta.dpversion_smaller(dpmeta.dpversion, dpmeta.dpversion) IS 'earliest of two';
COMMENT ON AGGREGATE dpmeta.max(dpmeta.dpversion) IS 'latest of all input values';
COMMENT ON AGGREGATE dpmeta.min(dpmeta.dpversion) IS 'earliest of all input values';

-- Constructor, accessors, casts

CREATE FUNCTION dpmeta.dpversion(major integer, minor integer) RETURNS dpmeta.dpversion
	AS 'MODULE_PATHNAME', 'dpversion_construct' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.major(version dpmeta.dpversion) RETURNS integer
	AS 'MODULE_PATHNAME', 'dpversion_get_major' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.minor(version dpmeta.dpversion) RETURNS integer
	AS 'MODULE_PATHNAME', 'dpversion_get_minor' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION dpmeta.dpversion(integer, integer) IS
	'the version of these two parts: dpversion(1, 4) is v1.4';
COMMENT ON FUNCTION dpmeta.major(dpmeta.dpversion) IS
	'major part of a version: 1 of v1.4';
COMMENT ON FUNCTION dpmeta.minor(dpmeta.dpversion) IS
	'minor part of a version: 4 of v1.4';

CREATE CAST (dpmeta.dpversion AS text) WITH INOUT AS ASSIGNMENT;
CREATE CAST (text AS dpmeta.dpversion) WITH INOUT;

COMMENT ON CAST (dpmeta.dpversion AS text) IS 'text form';
COMMENT ON CAST (text AS dpmeta.dpversion) IS 'parsed text';
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
CREATE CAST (text AS dpmeta.dpid) WITH INOUT;

COMMENT ON CAST (dpmeta.dpid AS text) IS 'text form';
COMMENT ON CAST (text AS dpmeta.dpid) IS 'parsed text';
-- dpmeta.column_type: the type of a table's column, as Athena and Hive write it.

CREATE TYPE dpmeta.column_type;

CREATE FUNCTION dpmeta.column_type_in(cstring) RETURNS dpmeta.column_type
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.column_type_out(dpmeta.column_type) RETURNS cstring
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.column_type_recv(internal) RETURNS dpmeta.column_type
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.column_type_send(dpmeta.column_type) RETURNS bytea
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE dpmeta.column_type (
	INPUT = dpmeta.column_type_in,
	OUTPUT = dpmeta.column_type_out,
	RECEIVE = dpmeta.column_type_recv,
	SEND = dpmeta.column_type_send,
	INTERNALLENGTH = VARIABLE,
	ALIGNMENT = int4,
	STORAGE = extended
);

COMMENT ON TYPE dpmeta.column_type IS
	'Athena or Hive type of a column, in canonical spelling: no blanks, integer is int, decimal(10) is decimal(10,0)';
COMMENT ON FUNCTION dpmeta.column_type_in(cstring) IS 'I/O';
COMMENT ON FUNCTION dpmeta.column_type_out(dpmeta.column_type) IS 'I/O';
COMMENT ON FUNCTION dpmeta.column_type_recv(internal) IS 'I/O';
COMMENT ON FUNCTION dpmeta.column_type_send(dpmeta.column_type) IS 'I/O';

-- Comparison: by canonical spelling (C collation)

CREATE FUNCTION dpmeta.column_type_eq(dpmeta.column_type, dpmeta.column_type) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.column_type_ne(dpmeta.column_type, dpmeta.column_type) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_ne' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.column_type_lt(dpmeta.column_type, dpmeta.column_type) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_lt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.column_type_le(dpmeta.column_type, dpmeta.column_type) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_le' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.column_type_gt(dpmeta.column_type, dpmeta.column_type) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_gt' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.column_type_ge(dpmeta.column_type, dpmeta.column_type) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_ge' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE OPERATOR dpmeta.= (
	LEFTARG = dpmeta.column_type, RIGHTARG = dpmeta.column_type,
	FUNCTION = dpmeta.column_type_eq,
	COMMUTATOR = OPERATOR(dpmeta.=), NEGATOR = OPERATOR(dpmeta.<>),
	RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES
);

CREATE OPERATOR dpmeta.<> (
	LEFTARG = dpmeta.column_type, RIGHTARG = dpmeta.column_type,
	FUNCTION = dpmeta.column_type_ne,
	COMMUTATOR = OPERATOR(dpmeta.<>), NEGATOR = OPERATOR(dpmeta.=),
	RESTRICT = neqsel, JOIN = neqjoinsel
);

CREATE OPERATOR dpmeta.< (
	LEFTARG = dpmeta.column_type, RIGHTARG = dpmeta.column_type,
	FUNCTION = dpmeta.column_type_lt,
	COMMUTATOR = OPERATOR(dpmeta.>), NEGATOR = OPERATOR(dpmeta.>=),
	RESTRICT = scalarltsel, JOIN = scalarltjoinsel
);

CREATE OPERATOR dpmeta.<= (
	LEFTARG = dpmeta.column_type, RIGHTARG = dpmeta.column_type,
	FUNCTION = dpmeta.column_type_le,
	COMMUTATOR = OPERATOR(dpmeta.>=), NEGATOR = OPERATOR(dpmeta.>),
	RESTRICT = scalarlesel, JOIN = scalarlejoinsel
);

CREATE OPERATOR dpmeta.> (
	LEFTARG = dpmeta.column_type, RIGHTARG = dpmeta.column_type,
	FUNCTION = dpmeta.column_type_gt,
	COMMUTATOR = OPERATOR(dpmeta.<), NEGATOR = OPERATOR(dpmeta.<=),
	RESTRICT = scalargtsel, JOIN = scalargtjoinsel
);

CREATE OPERATOR dpmeta.>= (
	LEFTARG = dpmeta.column_type, RIGHTARG = dpmeta.column_type,
	FUNCTION = dpmeta.column_type_ge,
	COMMUTATOR = OPERATOR(dpmeta.<=), NEGATOR = OPERATOR(dpmeta.<),
	RESTRICT = scalargesel, JOIN = scalargejoinsel
);

COMMENT ON FUNCTION dpmeta.column_type_eq(dpmeta.column_type, dpmeta.column_type) IS 'implementation of = operator';
COMMENT ON FUNCTION dpmeta.column_type_ne(dpmeta.column_type, dpmeta.column_type) IS 'implementation of <> operator';
COMMENT ON FUNCTION dpmeta.column_type_lt(dpmeta.column_type, dpmeta.column_type) IS 'implementation of < operator';
COMMENT ON FUNCTION dpmeta.column_type_le(dpmeta.column_type, dpmeta.column_type) IS 'implementation of <= operator';
COMMENT ON FUNCTION dpmeta.column_type_gt(dpmeta.column_type, dpmeta.column_type) IS 'implementation of > operator';
COMMENT ON FUNCTION dpmeta.column_type_ge(dpmeta.column_type, dpmeta.column_type) IS 'implementation of >= operator';
COMMENT ON OPERATOR dpmeta.= (dpmeta.column_type, dpmeta.column_type) IS 'equal';
COMMENT ON OPERATOR dpmeta.<> (dpmeta.column_type, dpmeta.column_type) IS 'not equal';
COMMENT ON OPERATOR dpmeta.< (dpmeta.column_type, dpmeta.column_type) IS 'less than';
COMMENT ON OPERATOR dpmeta.<= (dpmeta.column_type, dpmeta.column_type) IS 'less than or equal';
COMMENT ON OPERATOR dpmeta.> (dpmeta.column_type, dpmeta.column_type) IS 'greater than';
COMMENT ON OPERATOR dpmeta.>= (dpmeta.column_type, dpmeta.column_type) IS 'greater than or equal';

-- Operator classes

CREATE FUNCTION dpmeta.column_type_cmp(dpmeta.column_type, dpmeta.column_type) RETURNS integer
	AS 'MODULE_PATHNAME', 'bytewise_cmp' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.column_type_sortsupport(internal) RETURNS void
	AS 'MODULE_PATHNAME', 'bytewise_sortsupport' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.column_type_hash(dpmeta.column_type) RETURNS integer
	AS 'MODULE_PATHNAME', 'bytewise_hash' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.column_type_hash_extended(dpmeta.column_type, bigint) RETURNS bigint
	AS 'MODULE_PATHNAME', 'bytewise_hash_extended' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION dpmeta.column_type_cmp(dpmeta.column_type, dpmeta.column_type) IS 'less-equal-greater';
COMMENT ON FUNCTION dpmeta.column_type_sortsupport(internal) IS 'sort support';
COMMENT ON FUNCTION dpmeta.column_type_hash(dpmeta.column_type) IS 'hash';
COMMENT ON FUNCTION dpmeta.column_type_hash_extended(dpmeta.column_type, bigint) IS 'hash';

-- Equal values are equal bytes, so that an index may deduplicate them.
CREATE OPERATOR CLASS dpmeta.column_type_ops
	DEFAULT FOR TYPE dpmeta.column_type USING btree AS
	OPERATOR 1 dpmeta.<,
	OPERATOR 2 dpmeta.<=,
	OPERATOR 3 dpmeta.=,
	OPERATOR 4 dpmeta.>=,
	OPERATOR 5 dpmeta.>,
	FUNCTION 1 dpmeta.column_type_cmp(dpmeta.column_type, dpmeta.column_type),
	FUNCTION 2 dpmeta.column_type_sortsupport(internal),
	FUNCTION 4 pg_catalog.btequalimage(oid);

CREATE OPERATOR CLASS dpmeta.column_type_ops
	DEFAULT FOR TYPE dpmeta.column_type USING hash AS
	OPERATOR 1 dpmeta.=,
	FUNCTION 1 dpmeta.column_type_hash(dpmeta.column_type),
	FUNCTION 2 dpmeta.column_type_hash_extended(dpmeta.column_type, bigint);

COMMENT ON OPERATOR CLASS dpmeta.column_type_ops USING btree IS 'by canonical spelling (C collation)';
COMMENT ON OPERATOR FAMILY dpmeta.column_type_ops USING btree IS 'by canonical spelling (C collation)';
COMMENT ON OPERATOR CLASS dpmeta.column_type_ops USING hash IS 'equality';
COMMENT ON OPERATOR FAMILY dpmeta.column_type_ops USING hash IS 'equality';

-- Accessors, casts

CREATE FUNCTION dpmeta.base_type(type dpmeta.column_type) RETURNS text
	AS 'MODULE_PATHNAME', 'column_type_base_type' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE FUNCTION dpmeta.is_nested(type dpmeta.column_type) RETURNS boolean
	AS 'MODULE_PATHNAME', 'column_type_is_nested' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION dpmeta.base_type(dpmeta.column_type) IS
	'name of the type without what follows it: decimal of decimal(10,2), array of array<int>';
COMMENT ON FUNCTION dpmeta.is_nested(dpmeta.column_type) IS
	'whether it is an array, a map or a struct';

-- The value is stored as its text.
CREATE CAST (dpmeta.column_type AS text) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE CAST (text AS dpmeta.column_type) WITH INOUT;

COMMENT ON CAST (dpmeta.column_type AS text) IS 'text form';
COMMENT ON CAST (text AS dpmeta.column_type) IS 'parsed text';
/*
 * The base tables.  They are private: views and functions are the interface.
 *
 * A product's versions form a trunk and branches.  On the trunk lies every
 * version of what was the newest major when it was made; a version made later
 * in an older major lies on that major's branch, which leaves the trunk at
 * the last trunk version of the major (its "trunk" column).  A table's schema
 * holds over a range of versions on the trunk, or of one branch, so that a
 * version costs rows for the tables that it changed and none for the others,
 * be it a minor or a major one.
 */

CREATE TABLE dpmeta.product (
	product_id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name			text COLLATE "C" NOT NULL UNIQUE,
	current			dpmeta.dpversion,
	trunk			dpmeta.dpversion NOT NULL,
	registered_at	timestamptz NOT NULL,
	changed_at		timestamptz NOT NULL,
	deleted_at		timestamptz,
	retired_at		timestamptz,
	sunset			date,
	domain			text COLLATE "C" NOT NULL,
	status			text COLLATE "C" NOT NULL,
	owner			text COLLATE "C" NOT NULL,
	tags			jsonb NOT NULL,
	search			tsvector NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX product_domain_idx ON dpmeta.product (domain, name);
CREATE INDEX product_status_idx ON dpmeta.product (status, name);
CREATE INDEX product_owner_idx ON dpmeta.product (owner, name);
CREATE INDEX product_tags_idx ON dpmeta.product USING gin (tags jsonb_path_ops);
CREATE INDEX product_search_idx ON dpmeta.product USING gin (search);

COMMENT ON TABLE dpmeta.product IS
	'private: one row for each name ever registered; its lock is the product''s lock';
COMMENT ON COLUMN dpmeta.product.current IS 'newest live version; NULL when none is live';
COMMENT ON COLUMN dpmeta.product.trunk IS
	'last version on the trunk, dead or alive: its major is the highest that the product ever had';
COMMENT ON COLUMN dpmeta.product.registered_at IS 'when the name was last registered';
COMMENT ON COLUMN dpmeta.product.changed_at IS 'time of the last event; the next one''s is later';
COMMENT ON COLUMN dpmeta.product.deleted_at IS 'when the last live version was deleted; NULL while one is live';
COMMENT ON COLUMN dpmeta.product.retired_at IS 'since when the current version''s status is retired';
COMMENT ON COLUMN dpmeta.product.status IS 'a copy of the current version''s, or the last one''s; empty once it was purged';
COMMENT ON COLUMN dpmeta.product.search IS
	'what q searches; with domain, status, owner and tags a copy of the current version''s, for indexes';

CREATE TABLE dpmeta.product_version (
	product_id		bigint NOT NULL REFERENCES dpmeta.product,
	version			dpmeta.dpversion NOT NULL,
	trunk			dpmeta.dpversion NOT NULL,
	created_at		timestamptz NOT NULL,
	deleted_at		timestamptz,
	facts_revision	integer NOT NULL DEFAULT 0,
	metadata		jsonb NOT NULL,
	facts			jsonb NOT NULL DEFAULT '{}',
	document		json NOT NULL,
	PRIMARY KEY (product_id, version)
);

COMMENT ON TABLE dpmeta.product_version IS 'private: one row for each version of a product';
COMMENT ON COLUMN dpmeta.product_version.trunk IS
	'the trunk version whose tables this one starts from: itself on the trunk, else where its branch leaves';
COMMENT ON COLUMN dpmeta.product_version.facts_revision IS 'how often facts were reported; part of the entity tag';
COMMENT ON COLUMN dpmeta.product_version.metadata IS 'the members that its writer gave, all present';
COMMENT ON COLUMN dpmeta.product_version.facts IS
	'what pipelines report: lastUpdated, dpiaLocation, s3Location, rowCount; carried on by the next version';
COMMENT ON COLUMN dpmeta.product_version.document IS 'ready to send but for "schemas", which is put in on read';

CREATE TABLE dpmeta.table_schema (
	table_schema_id	bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	product_id		bigint NOT NULL REFERENCES dpmeta.product,
	definition		jsonb NOT NULL,
	document		json NOT NULL
);

CREATE INDEX table_schema_product_idx ON dpmeta.table_schema (product_id);

COMMENT ON TABLE dpmeta.table_schema IS
	'private: one row for each distinct revision of a table''s schema, shared by all versions that hold it';
COMMENT ON COLUMN dpmeta.table_schema.definition IS 'tableDescription and columns, types in canonical spelling';
COMMENT ON COLUMN dpmeta.table_schema.document IS 'the same, ready to send but for id and dataProduct';

CREATE TABLE dpmeta.table_range (
	product_id		bigint NOT NULL,
	table_name		text COLLATE "C" NOT NULL,
	branch			integer NOT NULL,
	since			dpmeta.dpversion NOT NULL,
	until			dpmeta.dpversion,
	table_schema_id	bigint REFERENCES dpmeta.table_schema,
	PRIMARY KEY (product_id, table_name, branch, since)
);

CREATE INDEX table_range_open_idx ON dpmeta.table_range (product_id, branch, table_name)
	INCLUDE (table_schema_id) WHERE until IS NULL;

COMMENT ON TABLE dpmeta.table_range IS 'private: which revision of a table holds from which version on';
COMMENT ON COLUMN dpmeta.table_range.branch IS '0 on the trunk, else the major whose branch this is; a branch overrides its trunk';
COMMENT ON COLUMN dpmeta.table_range.until IS 'the version from which on it no longer holds; NULL while it does';
COMMENT ON COLUMN dpmeta.table_range.table_schema_id IS 'NULL on a branch: the trunk has the table and the branch has not';

CREATE TABLE dpmeta.event (
	event_id		bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	transaction_id	xid8 NOT NULL DEFAULT pg_catalog.pg_current_xact_id(),
	occurred_at		timestamptz NOT NULL,
	product_id		bigint NOT NULL REFERENCES dpmeta.product,
	action			text NOT NULL,
	table_name		text COLLATE "C",
	from_version	dpmeta.dpversion,
	to_version		dpmeta.dpversion,
	kind			text NOT NULL,
	actor			text NOT NULL,
	session_role	text NOT NULL DEFAULT session_user,
	changes			jsonb NOT NULL
);

CREATE INDEX event_product_idx ON dpmeta.event (product_id, event_id);
-- Which event made a version: exactly one did.
CREATE UNIQUE INDEX event_version_idx ON dpmeta.event (product_id, to_version)
	WHERE kind IN ('initial', 'minor', 'major');
CREATE INDEX event_transaction_idx ON dpmeta.event (transaction_id, event_id);
CREATE INDEX event_occurred_idx ON dpmeta.event (occurred_at);

COMMENT ON TABLE dpmeta.event IS 'private: the append-only log that history, audit and followers read';
COMMENT ON COLUMN dpmeta.event.action IS
	'register, update, patch, sync, register-schema, update-schema, patch-schema, delete-schema, delete, restore, report, set-sunset, purge';
COMMENT ON COLUMN dpmeta.event.from_version IS 'the version that was started from, or was current before';
COMMENT ON COLUMN dpmeta.event.to_version IS 'the version that was made, or is current after';
COMMENT ON COLUMN dpmeta.event.kind IS 'initial, minor, major, deletion, restoration, or none where no version was made';

CREATE TABLE dpmeta.idempotency_key (
	digest			bytea PRIMARY KEY,
	request			bytea NOT NULL,
	automatic		boolean NOT NULL,
	created_at		timestamptz NOT NULL,
	product_id		bigint NOT NULL REFERENCES dpmeta.product,
	version			dpmeta.dpversion NOT NULL,
	table_name		text COLLATE "C",
	kind			text NOT NULL,
	changes			jsonb NOT NULL
);

CREATE INDEX idempotency_key_created_idx ON dpmeta.idempotency_key (created_at);

COMMENT ON TABLE dpmeta.idempotency_key IS 'private: the answers that a repeated request replays';
COMMENT ON COLUMN dpmeta.idempotency_key.digest IS 'SHA-256 of the caller and the key, or of the caller and the whole request';
COMMENT ON COLUMN dpmeta.idempotency_key.request IS 'SHA-256 of the request, by which a key''s use for another one is known';

SELECT pg_catalog.pg_extension_config_dump('dpmeta.product', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.product_product_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.product_version', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.table_schema', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.table_schema_table_schema_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.table_range', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.event', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.event_event_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('dpmeta.idempotency_key', '');

/*
 * Which revision of a table a version holds: no row when the table was not
 * there.  The newest range that began at or before the version is the only
 * one that can hold it.
 */
CREATE FUNCTION dpmeta.table_at(product_id bigint, table_name text,
								version dpmeta.dpversion, trunk dpmeta.dpversion)
	RETURNS TABLE (table_schema_id bigint)
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT r.table_schema_id
	FROM (
		(SELECT b.table_schema_id, b.until, 1 AS rank
		 FROM dpmeta.table_range b
		 WHERE b.product_id = table_at.product_id AND b.table_name = table_at.table_name
			AND b.branch = dpmeta.major(table_at.version)
			AND b.since <= table_at.version
			AND table_at.trunk <> table_at.version
		 ORDER BY b.since DESC LIMIT 1)
		UNION ALL
		(SELECT t.table_schema_id, t.until, 2
		 FROM dpmeta.table_range t
		 WHERE t.product_id = table_at.product_id AND t.table_name = table_at.table_name
			AND t.branch = 0
			AND t.since <= table_at.trunk
		 ORDER BY t.since DESC LIMIT 1)
	) r
	WHERE r.until IS NULL
		OR r.until > CASE r.rank WHEN 1 THEN table_at.version ELSE table_at.trunk END
	ORDER BY r.rank LIMIT 1;
END;

/*
 * The tables of one version.  Called with the product's row and the version's;
 * it is inlined, and of its two arms only the one that applies is executed.
 * At the head of the trunk these are the open ranges; elsewhere, for each
 * name that the product ever had, the range that holds the version, a
 * branch's before the trunk's.
 */
CREATE FUNCTION dpmeta.version_tables(product_id bigint, version dpmeta.dpversion,
									  trunk dpmeta.dpversion, head dpmeta.dpversion)
	RETURNS TABLE (table_name text, table_schema_id bigint)
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT r.table_name, r.table_schema_id
	FROM dpmeta.table_range r
	WHERE r.product_id = version_tables.product_id AND r.branch = 0 AND r.until IS NULL
		AND version_tables.version = version_tables.head
	UNION ALL
	SELECT n.table_name, found.table_schema_id
	FROM (
		WITH RECURSIVE names AS (
			(SELECT r.table_name
			 FROM dpmeta.table_range r
			 WHERE r.product_id = version_tables.product_id
			 ORDER BY r.table_name LIMIT 1)
			UNION ALL
			SELECT (SELECT r.table_name
					FROM dpmeta.table_range r
					WHERE r.product_id = version_tables.product_id
						AND r.table_name > names.table_name
					ORDER BY r.table_name LIMIT 1)
			FROM names
			WHERE names.table_name IS NOT NULL
		)
		SELECT names.table_name FROM names WHERE names.table_name IS NOT NULL
	) n
	CROSS JOIN LATERAL dpmeta.table_at(version_tables.product_id, n.table_name,
									   version_tables.version, version_tables.trunk) found
	WHERE version_tables.version <> version_tables.head
		AND found.table_schema_id IS NOT NULL;
END;

COMMENT ON FUNCTION dpmeta.table_at(bigint, text, dpmeta.dpversion, dpmeta.dpversion) IS
	'private: which revision of a table a version holds';
COMMENT ON FUNCTION dpmeta.version_tables(bigint, dpmeta.dpversion, dpmeta.dpversion, dpmeta.dpversion) IS
	'private: the tables of one version';
-- JSON Schema, draft 2020-12.

CREATE FUNCTION dpmeta.is_valid(schema jsonb, document jsonb, assert_format boolean DEFAULT false)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'json_schema_is_valid'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.is_valid(jsonb, jsonb, boolean) IS
	'Is the document valid by the JSON Schema (draft 2020-12)? Stops at the first fault; may be used in a CHECK constraint.';

CREATE FUNCTION dpmeta.validate(schema jsonb, document jsonb, assert_format boolean DEFAULT false,
		OUT instance_pointer text, OUT schema_pointer text, OUT keyword text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'json_schema_validate'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION dpmeta.validate(jsonb, jsonb, boolean) IS
	'Every fault of the document by the JSON Schema (draft 2020-12), in document order; no rows if it is valid.';

CREATE FUNCTION dpmeta.schema_cache(OUT entries bigint, OUT bytes bigint, OUT hits bigint,
		OUT misses bigint, OUT evictions bigint)
	AS 'MODULE_PATHNAME', 'json_schema_cache_stats'
	LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION dpmeta.schema_cache() IS
	'What this session''s cache of compiled JSON schemas holds (bounded by dpmeta.schema_cache_size) and how often it was of use.';
-- What is wrong with a schema, and schemas that are known by a URI.

CREATE FUNCTION dpmeta.check_schema(schema jsonb,
		OUT pointer text, OUT meta_schema_pointer text, OUT keyword text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'json_schema_check'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 5;
COMMENT ON FUNCTION dpmeta.check_schema(jsonb) IS
	'What is wrong with a JSON Schema itself: against its meta-schema, and references that lead nowhere, patterns that are refused, loops; no rows if nothing is.';

CREATE TABLE dpmeta.json_schema (
	uri text COLLATE "C" PRIMARY KEY,
	schema jsonb NOT NULL,
	digest bytea NOT NULL GENERATED ALWAYS AS
		(pg_catalog.sha256(pg_catalog.replace(schema::text, '\', '\\')::bytea)) STORED
);
COMMENT ON TABLE dpmeta.json_schema IS
	'JSON Schemas by the URI that others refer to them by; see dpmeta.register_json_schema().';
SELECT pg_catalog.pg_extension_config_dump('dpmeta.json_schema', '');
REVOKE ALL ON TABLE dpmeta.json_schema FROM PUBLIC;

CREATE FUNCTION dpmeta.json_schema_uri(uri text) RETURNS text
	AS 'MODULE_PATHNAME', 'json_schema_registered_uri'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dpmeta.json_schema_uri(text) IS
	'A URI as the registry of JSON Schemas has it: without a # at its end.';

CREATE FUNCTION dpmeta.checked_json_schema_uri(uri text, schema jsonb) RETURNS text
	AS 'MODULE_PATHNAME', 'json_schema_checked_uri'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dpmeta.checked_json_schema_uri(text, jsonb) IS
	'The same, for a schema about to be registered: an error if it or the URI will not do.';

CREATE FUNCTION dpmeta.register_json_schema(uri text, schema jsonb) RETURNS void
	LANGUAGE sql VOLATILE STRICT SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	INSERT INTO dpmeta.json_schema (uri, schema)
		VALUES (dpmeta.checked_json_schema_uri(register_json_schema.uri, register_json_schema.schema),
			register_json_schema.schema)
		ON CONFLICT (uri) DO UPDATE SET schema = EXCLUDED.schema;
END;
COMMENT ON FUNCTION dpmeta.register_json_schema(text, jsonb) IS
	'Makes a JSON Schema known by a URI, for is_valid_ref(), validate_ref() and the references of other registered schemas; replaces what was known by it.';

CREATE FUNCTION dpmeta.unregister_json_schema(uri text) RETURNS boolean
	LANGUAGE sql VOLATILE STRICT SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	WITH gone AS (
		DELETE FROM dpmeta.json_schema s
			WHERE s.uri OPERATOR(pg_catalog.=) dpmeta.json_schema_uri($1)
			RETURNING 1)
	SELECT EXISTS (SELECT FROM gone);
END;
COMMENT ON FUNCTION dpmeta.unregister_json_schema(text) IS
	'Forgets the JSON Schema known by a URI; false if none was.';

REVOKE ALL ON FUNCTION dpmeta.register_json_schema(text, jsonb), dpmeta.unregister_json_schema(text) FROM PUBLIC;

CREATE FUNCTION dpmeta.is_valid_ref(uri text, document jsonb, assert_format boolean DEFAULT false)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'json_schema_is_valid_ref'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.is_valid_ref(text, jsonb, boolean) IS
	'Is the document valid by the JSON Schema registered under the URI? References lead to registered schemas only; nothing is fetched.';

CREATE FUNCTION dpmeta.validate_ref(uri text, document jsonb, assert_format boolean DEFAULT false,
		OUT instance_pointer text, OUT schema_pointer text, OUT keyword text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'json_schema_validate_ref'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION dpmeta.validate_ref(text, jsonb, boolean) IS
	'Every fault of the document by the JSON Schema registered under the URI, in document order.';
-- The models: what a valid document of a data product or of a table's schema is.

CREATE TABLE dpmeta.model (
	name text COLLATE "C" PRIMARY KEY,
	schema jsonb NOT NULL
);
COMMENT ON TABLE dpmeta.model IS
	'The JSON Schema models that documents are held to; kept in step with dpmeta.domain.';

CREATE TABLE dpmeta.domain (
	name text COLLATE "C" PRIMARY KEY
		CHECK (char_length(name) BETWEEN 1 AND 128)
);
COMMENT ON TABLE dpmeta.domain IS
	'The domains that a data product may belong to; while it is empty, those that are shipped.';
SELECT pg_catalog.pg_extension_config_dump('dpmeta.domain', '');

CREATE FUNCTION dpmeta.default_domains() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY['HQ', 'HMPPS', 'OPG', 'LAA', 'HMCTS', 'CICA', 'Platforms'];
COMMENT ON FUNCTION dpmeta.default_domains() IS
	'The domains that count while dpmeta.domain is empty.';

CREATE FUNCTION dpmeta.domains() RETURNS text[]
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT COALESCE(pg_catalog.array_agg(d.name ORDER BY d.name), dpmeta.default_domains())
	FROM dpmeta.domain d;
END;
COMMENT ON FUNCTION dpmeta.domains() IS
	'The domains that a data product may belong to.';

CREATE FUNCTION dpmeta.model(name text) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE STRICT SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT m.schema FROM dpmeta.model m WHERE m.name OPERATOR(pg_catalog.=) $1;
END;
COMMENT ON FUNCTION dpmeta.model(text) IS
	'The JSON Schema model of that name: data-product, data-product-update or schema.';

-- The update's model is the registration's without the name, so that neither
-- can drift from the other.
INSERT INTO dpmeta.model (name, schema) VALUES ('data-product', $model$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Data product",
  "description": "A set of tables with an owner, a domain, a retention period and privacy facts, as it is registered.",
  "type": "object",
  "additionalProperties": false,
  "required": ["name", "description", "domain", "dataProductOwner", "dataProductOwnerDisplayName",
    "email", "status", "retentionPeriod", "dpiaRequired"],
  "properties": {
    "name": {
      "description": "Identifies the data product and never changes: 1 to 128 lower-case letters, digits and underscores.",
      "type": "string", "pattern": "^[a-z0-9_]{1,128}$",
      "examples": ["hmpps_use_of_force"]
    },
    "description": {
      "description": "What the data product holds and what it is for.",
      "type": "string", "maxLength": 65536,
      "examples": ["Incidents in which force was used, and the statements of the staff involved."]
    },
    "domain": {
      "description": "The part of the organisation that the data product belongs to.",
      "type": "string", "enum": [],
      "examples": ["HMPPS"]
    },
    "dataProductOwner": {
      "description": "Who owns the data product and is notified; usually an email address.",
      "type": "string", "minLength": 1, "maxLength": 1024,
      "examples": ["jane.doe@example.org"]
    },
    "dataProductOwnerDisplayName": {
      "description": "The owner's name, as people read it.",
      "type": "string", "minLength": 1, "maxLength": 1024,
      "examples": ["Jane Doe"]
    },
    "dataProductMaintainer": {
      "description": "Who else may approve requests for access.",
      "type": ["string", "null"], "maxLength": 1024,
      "examples": ["jonny.data@example.org"]
    },
    "dataProductMaintainerDisplayName": {
      "description": "The maintainer's name, as people read it.",
      "type": ["string", "null"], "maxLength": 1024,
      "examples": ["Jonny Data"]
    },
    "email": {
      "description": "Where to turn with questions.",
      "type": "string", "format": "email", "maxLength": 254,
      "examples": ["use-of-force@example.org"]
    },
    "status": {
      "description": "Where the data product is in its life.",
      "type": "string", "enum": ["draft", "published", "retired"],
      "examples": ["draft"]
    },
    "retentionPeriod": {
      "description": "For how many days the data is kept.",
      "type": "integer", "minimum": 0, "maximum": 2147483647,
      "examples": [3650]
    },
    "dpiaRequired": {
      "description": "Whether a data protection impact assessment is needed.",
      "type": "boolean",
      "examples": [true]
    },
    "tags": {
      "description": "Words to find the data product by, as pairs of a key and a value.",
      "type": "object", "maxProperties": 1000,
      "propertyNames": {"minLength": 1, "maxLength": 128},
      "additionalProperties": {"type": "string", "maxLength": 1024},
      "examples": [{"sandbox": "true"}]
    }
  },
  "examples": [
    {
      "name": "hmpps_use_of_force",
      "description": "Incidents in which force was used, and the statements of the staff involved.",
      "domain": "HMPPS",
      "dataProductOwner": "jane.doe@example.org",
      "dataProductOwnerDisplayName": "Jane Doe",
      "email": "use-of-force@example.org",
      "status": "draft",
      "retentionPeriod": 3650,
      "dpiaRequired": true,
      "tags": {"sandbox": "true"}
    }
  ]
}
$model$::jsonb), ('schema', $model$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Table schema",
  "description": "What a table of a data product is and which columns it has.",
  "type": "object",
  "additionalProperties": false,
  "required": ["tableDescription", "columns"],
  "properties": {
    "tableDescription": {
      "description": "What one row of the table stands for.",
      "type": "string", "maxLength": 65536,
      "examples": ["One row for each statement about an incident."]
    },
    "columns": {
      "description": "The table's columns, in their order; no two of one name.",
      "type": "array", "maxItems": 10000, "x-uniqueBy": "name",
      "items": {
        "title": "Column",
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "type", "description"],
        "properties": {
          "name": {
            "description": "1 to 128 lower-case letters, digits and underscores.",
            "type": "string", "pattern": "^[a-z0-9_]{1,128}$",
            "examples": ["report_id"]
          },
          "type": {
            "description": "An Athena or Hive type; it is stored in canonical spelling.",
            "type": "string", "format": "column-type", "maxLength": 65536,
            "examples": ["bigint", "decimal(10,2)", "array<struct<at:timestamp,by:string>>"]
          },
          "description": {
            "description": "What the column holds; may be empty.",
            "type": "string", "maxLength": 65536,
            "examples": ["The report that the statement belongs to."]
          }
        }
      }
    }
  },
  "examples": [
    {
      "tableDescription": "One row for each statement about an incident.",
      "columns": [
        {"name": "id", "type": "bigint", "description": "Identifies the statement."},
        {"name": "submitted_at", "type": "timestamp", "description": "When it was handed in."}
      ]
    }
  ]
}
$model$::jsonb);

CREATE FUNCTION dpmeta.example_domain() RETURNS text
	LANGUAGE sql STABLE
	RETURN CASE WHEN 'HMPPS' OPERATOR(pg_catalog.=) ANY (dpmeta.domains())
		THEN 'HMPPS' ELSE (dpmeta.domains())[1] END;
COMMENT ON FUNCTION dpmeta.example_domain() IS
	'A domain to show in examples.';

CREATE FUNCTION dpmeta.refresh_models() RETURNS void
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	UPDATE dpmeta.model
		SET schema = pg_catalog.jsonb_set(schema, '{properties,domain}',
			schema OPERATOR(pg_catalog.#>) '{properties,domain}'
				OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
					'enum', dpmeta.domains(),
					'examples', ARRAY[dpmeta.example_domain()]))
				OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('examples',
					pg_catalog.jsonb_set(schema OPERATOR(pg_catalog.->) 'examples',
						'{0,domain}', pg_catalog.to_jsonb(dpmeta.example_domain())))
		WHERE name OPERATOR(pg_catalog.=) 'data-product';
	INSERT INTO dpmeta.model AS m (name, schema)
		SELECT 'data-product-update',
			(((d.schema OPERATOR(pg_catalog.#-) '{properties,name}')
				OPERATOR(pg_catalog.#-) '{required,0}')
				OPERATOR(pg_catalog.#-) '{examples,0,name}')
				OPERATOR(pg_catalog.||) '{"title": "Data product update"}'
		FROM dpmeta.model d
		WHERE d.name OPERATOR(pg_catalog.=) 'data-product'
		ON CONFLICT (name) DO UPDATE SET schema = EXCLUDED.schema;
END;
COMMENT ON FUNCTION dpmeta.refresh_models() IS
	'Puts the current domains into the models.';

CREATE FUNCTION dpmeta.domain_changed() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM dpmeta.refresh_models();
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION dpmeta.domain_changed() IS
	'Keeps the models in step with dpmeta.domain, however that is changed.';

CREATE TRIGGER domain_changed
	AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON dpmeta.domain
	FOR EACH STATEMENT EXECUTE FUNCTION dpmeta.domain_changed();
-- also for a restore or a subscription, which switch ordinary triggers off
ALTER TABLE dpmeta.domain ENABLE ALWAYS TRIGGER domain_changed;

SELECT dpmeta.refresh_models();

CREATE FUNCTION dpmeta.set_domains(names text[]) RETURNS text[]
	LANGUAGE sql VOLATILE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	DELETE FROM dpmeta.domain
		WHERE NOT (name OPERATOR(pg_catalog.=) ANY (COALESCE(names, '{}')));
	INSERT INTO dpmeta.domain (name)
		SELECT DISTINCT n FROM pg_catalog.unnest(names) n
		ON CONFLICT (name) DO NOTHING;
	SELECT dpmeta.domains();
END;
COMMENT ON FUNCTION dpmeta.set_domains(text[]) IS
	'Replaces the domains that a data product may belong to; an empty array brings back those that are shipped. Registered products keep theirs.';

REVOKE ALL ON FUNCTION dpmeta.set_domains(text[]), dpmeta.refresh_models(), dpmeta.example_domain(), dpmeta.domain_changed() FROM PUBLIC;
REVOKE ALL ON TABLE dpmeta.model, dpmeta.domain FROM PUBLIC;
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
/*
 * The writes that make versions.
 */

CREATE FUNCTION dpmeta.register_data_product(document jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_register_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.register_data_product(jsonb, text[], boolean, text, boolean, text, text[]) IS
	'registers a data product by its document (MD007 when it breaks its model, MD004 when the name is taken); if_match: only if one of these entity tags is current (MD006); idempotent: replay the answer to an earlier copy of this request; idempotency_key: the same by a key of the caller''s own (MD008 when it was another request''s); dry_run: say what it would make and write nothing; actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.update_data_product(id dpmeta.dpid, document jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_update_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.update_data_product(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'replaces the metadata of a data product, which makes a minor version unless nothing changed (MD002, MD003, MD005, MD007); if_match: only if one of these entity tags is current (MD006); idempotent: replay the answer to an earlier copy of this request; idempotency_key: the same by a key of the caller''s own (MD008 when it was another request''s); dry_run: say what it would make and write nothing; actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.patch_data_product(id dpmeta.dpid, patch jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_patch_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.patch_data_product(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'the same by a merge patch (RFC 7396) on the current metadata; if_match: only if one of these entity tags is current (MD006); idempotent: replay the answer to an earlier copy of this request; idempotency_key: the same by a key of the caller''s own (MD008 when it was another request''s); dry_run: say what it would make and write nothing; actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.register_schema(id dpmeta.dpid, document jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_register_schema' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.register_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'adds a table to a data product by its schema, which makes a minor version (MD002, MD003, MD004, MD005, MD007); if_match: only if one of these entity tags is current (MD006); idempotent: replay the answer to an earlier copy of this request; idempotency_key: the same by a key of the caller''s own (MD008 when it was another request''s); dry_run: say what it would make and write nothing; actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.update_schema(id dpmeta.dpid, document jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_update_schema' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.update_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'replaces a table''s schema, which makes a minor or, if it breaks consumers, a major version (MD002, MD003, MD005, MD007, MD011); if_match: only if one of these entity tags is current (MD006); idempotent: replay the answer to an earlier copy of this request; idempotency_key: the same by a key of the caller''s own (MD008 when it was another request''s); dry_run: say what it would make and write nothing; actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.patch_schema(id dpmeta.dpid, patch jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_patch_schema' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.patch_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'the same by a merge patch (RFC 7396) on the current schema; if_match: only if one of these entity tags is current (MD006); idempotent: replay the answer to an earlier copy of this request; idempotency_key: the same by a key of the caller''s own (MD008 when it was another request''s); dry_run: say what it would make and write nothing; actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.delete_schema(id dpmeta.dpid,
		if_match text[] DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_delete_schema' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.delete_schema(dpmeta.dpid, text[], boolean, text, text[]) IS
	'makes a major version without the table (MD002, MD003, MD005, MD011); if_match: only if one of these entity tags is current (MD006); dry_run: say what it would make and write nothing; actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.sync_data_product(document jsonb, schemas jsonb,
		dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_sync_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 10000;
COMMENT ON FUNCTION dpmeta.sync_data_product(jsonb, jsonb, boolean, text, text[]) IS
	'makes a data product equal to a document and to an object of schema documents by table, in one version; registers it if it is not there, and does nothing if nothing changed';
/*
 * Reading one resource.  The first two run no SQL, so that they need neither
 * the owner's rights nor a search_path of their own.
 */
CREATE FUNCTION dpmeta.get_data_product(id dpmeta.dpid) RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_get_data_product' LANGUAGE C
	STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.get_data_product(dpmeta.dpid) IS
	'the data product that an ID resolves to; raises MD001 for the ID of a table, MD002 when it never existed, MD003 when it was deleted';

CREATE FUNCTION dpmeta.get_schema(id dpmeta.dpid) RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_get_schema' LANGUAGE C
	STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.get_schema(dpmeta.dpid) IS
	'the schema of the table that an ID resolves to; raises MD001 for the ID of a data product, MD002 when it never existed, MD003 when it was deleted';

CREATE FUNCTION dpmeta.list_versions(id dpmeta.dpid, deleted boolean DEFAULT false)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_list_versions' LANGUAGE C
	STABLE STRICT PARALLEL SAFE SECURITY DEFINER COST 2000
	SET search_path = pg_catalog, dpmeta, pg_temp;
COMMENT ON FUNCTION dpmeta.list_versions(dpmeta.dpid, boolean) IS
	'the versions of a data product (or of the major that the ID gives), newest first, and what changed in each; deleted ones too if asked for. Raises MD001 for the ID of a table, MD002 when there never was one, MD003 when none is left';

CREATE FUNCTION dpmeta.list_changes(id dpmeta.dpid, from_version dpmeta.dpversion)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_list_changes' LANGUAGE C
	STABLE STRICT PARALLEL SAFE SECURITY DEFINER COST 2000
	SET search_path = pg_catalog, dpmeta, pg_temp;
COMMENT ON FUNCTION dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion) IS
	'how the version that an ID resolves to differs from another one of the data product, and of what kind the difference is; both must be live. Raises MD001 for the ID of a table, MD002 when one never existed, MD003 when one was deleted';

/*
 * Lists.  Their estimates are for the longest page, which makes compiling them
 * and reading a small store whole look worth it; a page takes less time than
 * that, and a session's plan is kept while the store grows.
 */
CREATE FUNCTION dpmeta.list_data_products(
		domain text DEFAULT NULL, status text DEFAULT NULL, owner text DEFAULT NULL,
		tag text DEFAULT NULL, q text DEFAULT NULL, page_size integer DEFAULT 50,
		after text DEFAULT NULL, deleted boolean DEFAULT false)
	RETURNS SETOF dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_list_data_products' LANGUAGE C
	STABLE PARALLEL SAFE SECURITY DEFINER COST 10000 ROWS 50
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off SET enable_seqscan = off;
COMMENT ON FUNCTION dpmeta.list_data_products(text, text, text, text, text, integer, text, boolean) IS
	'the current versions of the data products that pass all filters given, by name: tag is KEY:VALUE, where KEY may end at any of its colons, q a full-text search as in a search engine, page_size 1 to 1000, after the name that the page before ended with; deleted ones too if asked for, their last version and when it was deleted. Raises MD010 for a parameter that is malformed';

CREATE FUNCTION dpmeta.data_products_page(
		domain text DEFAULT NULL, status text DEFAULT NULL, owner text DEFAULT NULL,
		tag text DEFAULT NULL, q text DEFAULT NULL, page_size integer DEFAULT 50,
		after text DEFAULT NULL, deleted boolean DEFAULT false,
		OUT etag text, OUT document json, OUT next text)
	AS 'MODULE_PATHNAME', 'dpmeta_data_products_page' LANGUAGE C
	STABLE PARALLEL SAFE SECURITY DEFINER COST 10000
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off SET enable_seqscan = off;
COMMENT ON FUNCTION dpmeta.data_products_page(text, text, text, text, text, integer, text, boolean) IS
	'what dpmeta.list_data_products() lists, as one JSON array with its entity tag; next is what to give as after for the next page, null on the last one';
/*
 * Deleting and restoring.
 */
CREATE FUNCTION dpmeta.delete_data_product(id dpmeta.dpid,
		if_match text[] DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_delete_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.delete_data_product(dpmeta.dpid, text[], boolean, text, text[]) IS
	'deletes a data product (dp:x), a major (dp:x:v1) or a version (dp:x:v1.0): its live versions become tombstones, and the newest live one is current (MD001, MD002, MD003, MD009); if_match: only if one of these entity tags is current (MD006); dry_run: say what it would delete and write nothing; actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.restore_data_product(id dpmeta.dpid,
		if_match text[] DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_restore_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.restore_data_product(dpmeta.dpid, text[], boolean, text, text[]) IS
	'makes live again what was deleted last of a data product (dp:x), of a major (dp:x:v1), or a version (dp:x:v1.0); MD012 when it is not deleted, a later version of its major was made, or the name was registered again (MD001, MD002, MD003, MD009); if_match never holds, for what is deleted has no entity tag (MD006); dry_run: say what it would restore and write nothing; actor, actor_roles: for those who act for another (MD009)';

/*
 * What stands beside the versions.
 */
CREATE FUNCTION dpmeta.report_load(id dpmeta.dpid,
		last_updated timestamptz DEFAULT NULL, row_count bigint DEFAULT NULL,
		s3_location text DEFAULT NULL, dpia_location text DEFAULT NULL,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_report_load' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.report_load(dpmeta.dpid, timestamptz, bigint, text, text, text, text[]) IS
	'reports what a pipeline knows of a version''s data: when it was last loaded, its rows, where it and its impact assessment lie; null leaves a fact as it was. Makes no version, but another entity tag (MD001, MD002, MD003, MD010); actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.set_sunset(name text, sunset date,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_set_sunset' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.set_sunset(text, date, text, text[]) IS
	'says from which day on a data product will not be there any more; null for no such day (MD002, MD003, MD009, MD010); actor, actor_roles: for those who act for another (MD009)';

/*
 * For DBAs alone: no grant_* function grants these.
 */
CREATE FUNCTION dpmeta.purge_data_product(name text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'dpmeta_purge_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 10000;
COMMENT ON FUNCTION dpmeta.purge_data_product(text) IS
	'removes a data product and its history for good and returns how many versions it had; only its name and the numbers that it used are kept, and that it was purged (MD002, MD010)';

CREATE FUNCTION dpmeta.purge_idempotency_keys() RETURNS bigint
	AS 'MODULE_PATHNAME', 'dpmeta_purge_idempotency_keys' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SECURITY DEFINER SET search_path = pg_catalog, dpmeta, pg_temp COST 10000;
COMMENT ON FUNCTION dpmeta.purge_idempotency_keys() IS
	'removes the answers that are kept for retries and are past dpmeta.idempotency_retention, and returns how many; writes do the same bit by bit';

CREATE FUNCTION dpmeta.version() RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT e.extversion FROM pg_catalog.pg_extension e WHERE e.extname = 'dpmeta';
END;
COMMENT ON FUNCTION dpmeta.version() IS 'the version of the extension in this database';
/*
 * The views that analysts read.  They run with their owner's rights, so that
 * the base tables stay private; they hide no rows from those who may read
 * them, so none of them is a security barrier.
 *
 * Joins are written so that a condition on a name, a version, an ID, a domain
 * or is_current reaches the index of the base table.
 */

/*
 * An ID in a view is put together from its parts.  A condition on it is one on
 * them, if the planner is told.
 */
CREATE FUNCTION dpmeta.dpid_eq_support(internal) RETURNS internal
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION dpmeta.dpid_eq_support(internal) IS 'planner support of = for IDs';

ALTER FUNCTION dpmeta.dpid_eq(dpmeta.dpid, dpmeta.dpid) SUPPORT dpmeta.dpid_eq_support;

/*
 * Which tables a live version holds, for the views here.  The rule is that of
 * version_tables(), which they cannot call: a function reads with its
 * caller's rights.  At the head of the trunk the open ranges hold;
 * elsewhere a range of the version's branch goes before the trunk's.
 */
CREATE VIEW dpmeta.version_table AS
	SELECT p.product_id, p.name, v.version,
		p.current IS NOT NULL AND v.version = p.current AS is_current,
		r.table_name, r.since, r.table_schema_id
	FROM dpmeta.product p
	JOIN dpmeta.product_version v ON v.product_id = p.product_id
	CROSS JOIN LATERAL (
		SELECT o.table_name, o.since, o.table_schema_id
		FROM dpmeta.table_range o
		WHERE o.product_id = v.product_id
			AND o.branch = 0
			AND o.until IS NULL
			AND v.version = p.trunk
		UNION ALL
		SELECT h.table_name, h.since, h.table_schema_id
		FROM (
			SELECT DISTINCT ON (b.table_name)
				b.table_name, b.since, b.table_schema_id
			FROM dpmeta.table_range b
			WHERE b.product_id = v.product_id
				AND v.version <> p.trunk
				AND (b.branch = 0
					 AND b.since <= v.trunk
					 AND (b.until IS NULL OR b.until > v.trunk)
					 OR b.branch = dpmeta.major(v.version)
					 AND v.version <> v.trunk
					 AND b.since <= v.version
					 AND (b.until IS NULL OR b.until > v.version))
			ORDER BY b.table_name, b.branch DESC
		) h
		WHERE h.table_schema_id IS NOT NULL
	) r
	WHERE v.deleted_at IS NULL;

COMMENT ON VIEW dpmeta.version_table IS
	'private: one row for each table of each live version, for the views that readers see';
COMMENT ON COLUMN dpmeta.version_table.product_id IS 'data product';
COMMENT ON COLUMN dpmeta.version_table.name IS 'its name';
COMMENT ON COLUMN dpmeta.version_table.version IS 'live version';
COMMENT ON COLUMN dpmeta.version_table.is_current IS 'whether that is the newest live one';
COMMENT ON COLUMN dpmeta.version_table.table_name IS 'name of a table of it';
COMMENT ON COLUMN dpmeta.version_table.since IS 'version from which on the table is as it is in this one';
COMMENT ON COLUMN dpmeta.version_table.table_schema_id IS 'the table''s schema';

CREATE VIEW dpmeta.data_products AS
	SELECT dpmeta.dpid(p.name, v.version) AS id,
		p.name,
		v.version,
		v.metadata->>'description' AS description,
		p.domain,
		p.owner AS data_product_owner,
		v.metadata->>'dataProductOwnerDisplayName' AS data_product_owner_display_name,
		v.metadata->>'dataProductMaintainer' AS data_product_maintainer,
		v.metadata->>'dataProductMaintainerDisplayName' AS data_product_maintainer_display_name,
		v.metadata->>'email' AS email,
		p.status,
		(v.metadata->>'retentionPeriod')::integer AS retention_period,
		(v.metadata->>'dpiaRequired')::boolean AS dpia_required,
		p.tags,
		p.registered_at,
		v.created_at AS version_created_at,
		p.retired_at,
		p.sunset,
		(v.facts->>'lastUpdated')::timestamptz AS last_updated,
		v.facts->>'dpiaLocation' AS dpia_location,
		v.facts->>'s3Location' AS s3_location,
		(v.facts->>'rowCount')::bigint AS row_count,
		(SELECT count(*)
		 FROM dpmeta.version_table t
		 WHERE t.product_id = p.product_id AND t.version = v.version) AS table_count
	FROM dpmeta.product p
	JOIN dpmeta.product_version v
		ON v.product_id = p.product_id AND v.version = p.current;

COMMENT ON VIEW dpmeta.data_products IS
	'one row for each live data product, as its newest live version says';
COMMENT ON COLUMN dpmeta.data_products.id IS 'fully versioned ID';
COMMENT ON COLUMN dpmeta.data_products.name IS 'name, which never changes';
COMMENT ON COLUMN dpmeta.data_products.version IS 'newest live version';
COMMENT ON COLUMN dpmeta.data_products.description IS 'what the data product is';
COMMENT ON COLUMN dpmeta.data_products.domain IS 'domain that it belongs to';
COMMENT ON COLUMN dpmeta.data_products.data_product_owner IS 'who owns it and is notified, usually an email address';
COMMENT ON COLUMN dpmeta.data_products.data_product_owner_display_name IS 'the owner''s name for people to read';
COMMENT ON COLUMN dpmeta.data_products.data_product_maintainer IS 'who may approve access requests, or NULL';
COMMENT ON COLUMN dpmeta.data_products.data_product_maintainer_display_name IS 'the maintainer''s name for people to read, or NULL';
COMMENT ON COLUMN dpmeta.data_products.email IS 'contact point';
COMMENT ON COLUMN dpmeta.data_products.status IS 'draft, published or retired';
COMMENT ON COLUMN dpmeta.data_products.retention_period IS 'for how many days its data is kept';
COMMENT ON COLUMN dpmeta.data_products.dpia_required IS 'whether a data protection impact assessment is needed';
COMMENT ON COLUMN dpmeta.data_products.tags IS 'object of string to string; tags @> ''{"key": "value"}'' uses an index';
COMMENT ON COLUMN dpmeta.data_products.registered_at IS 'when its name was registered, the last time if it was deleted between';
COMMENT ON COLUMN dpmeta.data_products.version_created_at IS 'when this version was made: the last change to metadata or tables';
COMMENT ON COLUMN dpmeta.data_products.retired_at IS 'since when its status is retired; NULL if it is not';
COMMENT ON COLUMN dpmeta.data_products.sunset IS 'day after which it may go away; NULL if none is set';
COMMENT ON COLUMN dpmeta.data_products.last_updated IS 'last data load that a pipeline reported';
COMMENT ON COLUMN dpmeta.data_products.dpia_location IS 'where the data protection impact assessment is, as reported';
COMMENT ON COLUMN dpmeta.data_products.s3_location IS 'where the data is, as reported';
COMMENT ON COLUMN dpmeta.data_products.row_count IS 'number of rows of data, as reported';
COMMENT ON COLUMN dpmeta.data_products.table_count IS 'number of tables of this version';

CREATE VIEW dpmeta.data_product_versions AS
	SELECT dpmeta.dpid(p.name, v.version) AS id,
		p.name AS data_product,
		v.version,
		p.current IS NOT NULL AND v.version = p.current AS is_current,
		v.deleted_at IS NULL AS is_live,
		v.created_at,
		v.deleted_at,
		e.actor AS created_by,
		e.action,
		e.kind,
		e.from_version AS base_version,
		pg_catalog.jsonb_array_length(e.changes) AS change_count,
		e.changes,
		v.metadata->>'description' AS description,
		v.metadata->>'domain' AS domain,
		v.metadata->>'status' AS status,
		v.metadata->>'dataProductOwner' AS data_product_owner,
		v.metadata,
		CASE WHEN v.deleted_at IS NULL THEN
			(SELECT count(*)
			 FROM dpmeta.version_table t
			 WHERE t.product_id = p.product_id AND t.version = v.version)
		END AS table_count
	FROM dpmeta.product p
	JOIN dpmeta.product_version v ON v.product_id = p.product_id
	LEFT JOIN dpmeta.event e
		ON e.product_id = v.product_id
		AND e.to_version = v.version
		AND e.kind IN ('initial', 'minor', 'major');

COMMENT ON VIEW dpmeta.data_product_versions IS
	'one row for each version of each data product, deleted ones too: who made it, when, from which, and what changed';
COMMENT ON COLUMN dpmeta.data_product_versions.id IS 'fully versioned ID';
COMMENT ON COLUMN dpmeta.data_product_versions.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.data_product_versions.version IS 'version; ordered by number, v1.10 after v1.9';
COMMENT ON COLUMN dpmeta.data_product_versions.is_current IS 'whether it is the newest live version';
COMMENT ON COLUMN dpmeta.data_product_versions.is_live IS 'whether it is not deleted';
COMMENT ON COLUMN dpmeta.data_product_versions.created_at IS 'when it was made';
COMMENT ON COLUMN dpmeta.data_product_versions.deleted_at IS 'when it was deleted; NULL while it is live';
COMMENT ON COLUMN dpmeta.data_product_versions.created_by IS 'who made it: a token''s subject or a database role';
COMMENT ON COLUMN dpmeta.data_product_versions.action IS 'what made it, such as register, update or delete-schema';
COMMENT ON COLUMN dpmeta.data_product_versions.kind IS 'initial, minor (compatible) or major (breaking)';
COMMENT ON COLUMN dpmeta.data_product_versions.base_version IS 'version that it was made from; NULL for a first one';
COMMENT ON COLUMN dpmeta.data_product_versions.change_count IS 'number of changes against the base version';
COMMENT ON COLUMN dpmeta.data_product_versions.changes IS 'array of the changes; the view changes has them as rows';
COMMENT ON COLUMN dpmeta.data_product_versions.description IS 'what the data product is, as this version says';
COMMENT ON COLUMN dpmeta.data_product_versions.domain IS 'domain, as this version says';
COMMENT ON COLUMN dpmeta.data_product_versions.status IS 'draft, published or retired, as this version says';
COMMENT ON COLUMN dpmeta.data_product_versions.data_product_owner IS 'owner, as this version says';
COMMENT ON COLUMN dpmeta.data_product_versions.metadata IS 'all members that the version''s writer gave';
COMMENT ON COLUMN dpmeta.data_product_versions.table_count IS 'number of tables; NULL when the version is deleted';

CREATE VIEW dpmeta.schemas AS
	SELECT dpmeta.dpid(t.name, t.version, t.table_name) AS id,
		t.name AS data_product,
		t.version,
		t.is_current,
		t.table_name,
		s.definition->>'tableDescription' AS description,
		pg_catalog.jsonb_array_length(s.definition->'columns') AS column_count,
		t.since AS unchanged_since,
		s.definition->'columns' AS columns
	FROM dpmeta.version_table t
	JOIN dpmeta.table_schema s ON s.table_schema_id = t.table_schema_id;

COMMENT ON VIEW dpmeta.schemas IS
	'one row for each table of each live version; "where is_current" keeps the newest versions';
COMMENT ON COLUMN dpmeta.schemas.id IS 'fully versioned ID of the table';
COMMENT ON COLUMN dpmeta.schemas.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.schemas.version IS 'version of the data product';
COMMENT ON COLUMN dpmeta.schemas.is_current IS 'whether the version is the newest live one';
COMMENT ON COLUMN dpmeta.schemas.table_name IS 'name of the table';
COMMENT ON COLUMN dpmeta.schemas.description IS 'what the table is';
COMMENT ON COLUMN dpmeta.schemas.column_count IS 'number of columns';
COMMENT ON COLUMN dpmeta.schemas.unchanged_since IS 'version from which on the table''s schema has been as it is in this one';
COMMENT ON COLUMN dpmeta.schemas.columns IS 'array of the columns; the view columns has them as rows';

CREATE VIEW dpmeta.columns AS
	SELECT dpmeta.dpid(t.name, t.version, t.table_name) AS id,
		t.name AS data_product,
		t.version,
		t.is_current,
		t.table_name,
		c.ordinality::integer AS ordinal_position,
		c.value->>'name' AS column_name,
		(c.value->>'type')::dpmeta.column_type AS column_type,
		c.value->>'description' AS description
	FROM dpmeta.version_table t
	JOIN dpmeta.table_schema s ON s.table_schema_id = t.table_schema_id
	CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(s.definition->'columns')
		WITH ORDINALITY c(value, ordinality);

COMMENT ON VIEW dpmeta.columns IS
	'one row for each column of each table of each live version; "where is_current" keeps the newest versions';
COMMENT ON COLUMN dpmeta.columns.id IS 'fully versioned ID of the table';
COMMENT ON COLUMN dpmeta.columns.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.columns.version IS 'version of the data product';
COMMENT ON COLUMN dpmeta.columns.is_current IS 'whether the version is the newest live one';
COMMENT ON COLUMN dpmeta.columns.table_name IS 'name of the table';
COMMENT ON COLUMN dpmeta.columns.ordinal_position IS 'position in the table, from 1';
COMMENT ON COLUMN dpmeta.columns.column_name IS 'name of the column';
COMMENT ON COLUMN dpmeta.columns.column_type IS 'Athena or Hive type in canonical spelling; base_type(column_type) gives its name alone';
COMMENT ON COLUMN dpmeta.columns.description IS 'what the column is';

CREATE VIEW dpmeta.tags AS
	SELECT dpmeta.dpid(p.name, p.current) AS id,
		p.name AS data_product,
		t.key,
		t.value
	FROM dpmeta.product p
	CROSS JOIN LATERAL pg_catalog.jsonb_each_text(p.tags) t(key, value)
	WHERE p.current IS NOT NULL;

COMMENT ON VIEW dpmeta.tags IS 'one row for each tag of each live data product, as its newest live version says';
COMMENT ON COLUMN dpmeta.tags.id IS 'fully versioned ID of the data product';
COMMENT ON COLUMN dpmeta.tags.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.tags.key IS 'key of the tag';
COMMENT ON COLUMN dpmeta.tags.value IS 'value of the tag';

CREATE VIEW dpmeta.events AS
	SELECT e.event_id,
		e.occurred_at,
		p.name AS data_product,
		e.action,
		e.table_name,
		e.kind,
		e.from_version,
		e.to_version,
		e.actor,
		e.session_role,
		pg_catalog.jsonb_array_length(e.changes) AS change_count,
		e.changes,
		e.transaction_id
	FROM dpmeta.event e
	JOIN dpmeta.product p ON p.product_id = e.product_id;

COMMENT ON VIEW dpmeta.events IS 'everything that happened, one row for each write that changed something: the audit log';
COMMENT ON COLUMN dpmeta.events.event_id IS 'number of the event; grows, with gaps, in no promised order across data products';
COMMENT ON COLUMN dpmeta.events.occurred_at IS 'when; strictly growing within a data product';
COMMENT ON COLUMN dpmeta.events.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.events.action IS
	'what was done: register, update, patch, sync, register-schema, update-schema, patch-schema, delete-schema, delete, restore, report, set-sunset, purge';
COMMENT ON COLUMN dpmeta.events.table_name IS 'table that it was done to; NULL when to the data product';
COMMENT ON COLUMN dpmeta.events.kind IS 'initial, minor, major, deletion or restoration; none where no version came or went';
COMMENT ON COLUMN dpmeta.events.from_version IS 'version that was started from, or was current before';
COMMENT ON COLUMN dpmeta.events.to_version IS 'version that was made, or is current after';
COMMENT ON COLUMN dpmeta.events.actor IS 'who did it: a token''s subject or a database role';
COMMENT ON COLUMN dpmeta.events.session_role IS 'database role whose session it was';
COMMENT ON COLUMN dpmeta.events.change_count IS 'number of changes';
COMMENT ON COLUMN dpmeta.events.changes IS 'array of the changes; the view changes has them as rows';
COMMENT ON COLUMN dpmeta.events.transaction_id IS
	'a follower reads those below pg_snapshot_xmin(pg_current_snapshot()), where nothing can still appear';

CREATE VIEW dpmeta.changes AS
	SELECT e.event_id,
		e.occurred_at,
		p.name AS data_product,
		e.from_version,
		e.to_version,
		e.actor,
		c.value->>'kind' AS kind,
		c.value->>'change' AS change,
		c.value->>'table' AS table_name,
		c.value->>'column' AS column_name,
		c.value->>'member' AS member,
		c.value->'from' AS old_value,
		c.value->'to' AS new_value
	FROM dpmeta.event e
	JOIN dpmeta.product p ON p.product_id = e.product_id
	CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(e.changes) c(value);

COMMENT ON VIEW dpmeta.changes IS 'one row for each single change of each event; kind = ''major'' are those that break consumers';
COMMENT ON COLUMN dpmeta.changes.event_id IS 'the event that it was part of';
COMMENT ON COLUMN dpmeta.changes.occurred_at IS 'when';
COMMENT ON COLUMN dpmeta.changes.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.changes.from_version IS 'version that was changed';
COMMENT ON COLUMN dpmeta.changes.to_version IS 'version that this made';
COMMENT ON COLUMN dpmeta.changes.actor IS 'who did it: a token''s subject or a database role';
COMMENT ON COLUMN dpmeta.changes.kind IS 'minor (compatible) or major (breaking)';
COMMENT ON COLUMN dpmeta.changes.change IS 'what changed, such as column-removed or metadata-changed';
COMMENT ON COLUMN dpmeta.changes.table_name IS 'table that changed; NULL for metadata';
COMMENT ON COLUMN dpmeta.changes.column_name IS 'column that changed; NULL for a whole table or metadata';
COMMENT ON COLUMN dpmeta.changes.member IS 'member of the metadata that changed; NULL for a table';
COMMENT ON COLUMN dpmeta.changes.old_value IS 'what it was, where there was something';
COMMENT ON COLUMN dpmeta.changes.new_value IS 'what it is now, where there is something';
/*
 * The platform's health in figures: views for SQL users who want rows, and
 * stats(), the one document behind /v1/stats.  Days are UTC's, so that a
 * figure does not depend on who asks.
 */

CREATE VIEW dpmeta.domain_stats AS
	SELECT p.domain,
		count(*) AS products,
		count(*) FILTER (WHERE p.status = 'draft') AS draft,
		count(*) FILTER (WHERE p.status = 'published') AS published,
		count(*) FILTER (WHERE p.status = 'retired') AS retired
	FROM dpmeta.product p
	WHERE p.current IS NOT NULL
	GROUP BY p.domain;

COMMENT ON VIEW dpmeta.domain_stats IS 'one row for each domain that has live data products';
COMMENT ON COLUMN dpmeta.domain_stats.domain IS 'domain';
COMMENT ON COLUMN dpmeta.domain_stats.products IS 'number of live data products';
COMMENT ON COLUMN dpmeta.domain_stats.draft IS 'how many of them are drafts';
COMMENT ON COLUMN dpmeta.domain_stats.published IS 'how many of them are published';
COMMENT ON COLUMN dpmeta.domain_stats.retired IS 'how many of them are retired';

CREATE VIEW dpmeta.daily_stats AS
	SELECT (e.occurred_at AT TIME ZONE 'UTC')::date AS day,
		count(*) FILTER (WHERE e.kind IN ('initial', 'minor', 'major')) AS versions,
		count(*) FILTER (WHERE e.kind = 'initial') AS initial,
		count(*) FILTER (WHERE e.kind = 'minor') AS minor,
		count(*) FILTER (WHERE e.kind = 'major') AS major,
		count(*) FILTER (WHERE e.kind = 'deletion') AS deletions,
		count(*) FILTER (WHERE e.kind = 'restoration') AS restorations,
		count(DISTINCT e.product_id) AS products,
		count(DISTINCT e.actor) AS actors
	FROM dpmeta.event e
	GROUP BY 1;

COMMENT ON VIEW dpmeta.daily_stats IS 'one row for each day (UTC) on which something happened';
COMMENT ON COLUMN dpmeta.daily_stats.day IS 'day, in UTC';
COMMENT ON COLUMN dpmeta.daily_stats.versions IS 'versions made';
COMMENT ON COLUMN dpmeta.daily_stats.initial IS 'of these, first versions of newly registered data products';
COMMENT ON COLUMN dpmeta.daily_stats.minor IS 'of these, compatible changes';
COMMENT ON COLUMN dpmeta.daily_stats.major IS 'of these, breaking changes';
COMMENT ON COLUMN dpmeta.daily_stats.deletions IS 'deletions of data products or versions';
COMMENT ON COLUMN dpmeta.daily_stats.restorations IS 'deletions undone';
COMMENT ON COLUMN dpmeta.daily_stats.products IS 'data products that something happened to';
COMMENT ON COLUMN dpmeta.daily_stats.actors IS 'how many people, services or roles did it';

CREATE VIEW dpmeta.actor_stats AS
	SELECT e.actor,
		count(*) AS events,
		count(*) FILTER (WHERE e.kind IN ('initial', 'minor', 'major')) AS versions,
		count(*) FILTER (WHERE e.kind = 'major') AS major,
		count(DISTINCT e.product_id) AS products,
		min(e.occurred_at) AS first_at,
		max(e.occurred_at) AS last_at
	FROM dpmeta.event e
	GROUP BY e.actor;

COMMENT ON VIEW dpmeta.actor_stats IS 'one row for each person, service or role that ever wrote';
COMMENT ON COLUMN dpmeta.actor_stats.actor IS 'a token''s subject or a database role';
COMMENT ON COLUMN dpmeta.actor_stats.events IS 'what it did, in all';
COMMENT ON COLUMN dpmeta.actor_stats.versions IS 'versions that it made';
COMMENT ON COLUMN dpmeta.actor_stats.major IS 'of these, breaking changes';
COMMENT ON COLUMN dpmeta.actor_stats.products IS 'data products that it wrote to';
COMMENT ON COLUMN dpmeta.actor_stats.first_at IS 'when it first wrote';
COMMENT ON COLUMN dpmeta.actor_stats.last_at IS 'when it last wrote';

CREATE VIEW dpmeta.column_type_stats AS
	SELECT c.type AS column_type,
		count(*) AS columns,
		count(*) FILTER (WHERE c.description = '') AS undescribed
	FROM dpmeta.version_table t
	JOIN dpmeta.table_schema s ON s.table_schema_id = t.table_schema_id
	CROSS JOIN LATERAL pg_catalog.jsonb_to_recordset(s.definition->'columns')
		c(type text COLLATE "C", description text)
	WHERE t.is_current
	GROUP BY c.type;

COMMENT ON VIEW dpmeta.column_type_stats IS 'one row for each column type in use by the newest versions';
COMMENT ON COLUMN dpmeta.column_type_stats.column_type IS 'type, in canonical spelling';
COMMENT ON COLUMN dpmeta.column_type_stats.columns IS 'number of columns of this type';
COMMENT ON COLUMN dpmeta.column_type_stats.undescribed IS 'how many of them have an empty description';

/*
 * What a steward may want to see to.  Each problem is one condition, so that a
 * row says one thing to do.
 */
CREATE VIEW dpmeta.problems AS
	SELECT d.id, d.name AS data_product, d.domain, d.data_product_owner, x.problem
	FROM (
		SELECT dpmeta.dpid(p.name, p.current) AS id, p.name, p.domain,
			p.owner AS data_product_owner, p.status, p.retired_at, p.sunset,
			v.metadata->>'description' AS description,
			(v.metadata->>'dpiaRequired')::boolean AS dpia_required,
			v.facts->>'dpiaLocation' AS dpia_location,
			(v.facts->>'lastUpdated')::timestamptz AS last_updated,
			EXISTS (SELECT FROM dpmeta.version_table t
					WHERE t.product_id = p.product_id
						AND t.version = v.version) AS has_tables
		FROM dpmeta.product p
		JOIN dpmeta.product_version v
			ON v.product_id = p.product_id AND v.version = p.current
	) d
	CROSS JOIN LATERAL (VALUES
		('no description', d.description !~ '\S'),
		('no owner', d.data_product_owner !~ '\S'),
		('published without tables', d.status = 'published' AND NOT d.has_tables),
		('published without a required assessment',
		 d.status = 'published' AND d.dpia_required AND d.dpia_location IS NULL),
		('published and never loaded', d.status = 'published' AND d.last_updated IS NULL),
		('retired without a sunset date', d.status = 'retired' AND d.sunset IS NULL),
		('past its sunset date', d.sunset < (now() AT TIME ZONE 'UTC')::date)
	) x(problem, holds)
	WHERE x.holds;

COMMENT ON VIEW dpmeta.problems IS 'one row for each thing about a live data product that its owner or a steward should see to';
COMMENT ON COLUMN dpmeta.problems.id IS 'fully versioned ID of the data product';
COMMENT ON COLUMN dpmeta.problems.data_product IS 'name of the data product';
COMMENT ON COLUMN dpmeta.problems.domain IS 'domain that it belongs to';
COMMENT ON COLUMN dpmeta.problems.data_product_owner IS 'who owns it';
COMMENT ON COLUMN dpmeta.problems.problem IS
	'no description, no owner, published without tables, published without a required assessment, published and never loaded, retired without a sunset date, or past its sunset date';

/*
 * Figures only, so it may be SECURITY DEFINER, and read what no view shows.  Compiling
 * a statement of this size takes longer than running it, hence no JIT.
 */
CREATE FUNCTION dpmeta.stats() RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1000000
	SET search_path = dpmeta, pg_catalog, pg_temp
	SET jit = off
BEGIN ATOMIC
	WITH products AS MATERIALIZED (
		SELECT p.domain, p.status, p.current IS NOT NULL AS live, count(*) AS n
		FROM dpmeta.product p
		GROUP BY 1, 2, 3
	), versions AS (
		SELECT count(*) AS total,
			count(*) FILTER (WHERE v.deleted_at IS NOT NULL) AS deleted
		FROM dpmeta.product_version v
	), days AS MATERIALIZED (
		SELECT (e.occurred_at AT TIME ZONE 'UTC')::date AS day, e.actor, e.kind,
			count(*) AS n
		FROM dpmeta.event e
		GROUP BY 1, 2, 3
	), recent AS MATERIALIZED (
		SELECT d.day, d.actor, d.kind, d.n, (now() AT TIME ZONE 'UTC')::date - d.day AS age
		FROM days d
		WHERE d.day > (now() AT TIME ZONE 'UTC')::date - 30
			AND d.kind IN ('initial', 'minor', 'major')
	), sizes AS (
		SELECT count(*) AS filled, sum(z.tables)::bigint AS total, max(z.tables) AS largest,
			percentile_disc(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY z.tables) AS percentiles
		FROM (SELECT count(t.product_id) AS tables
			  FROM dpmeta.product p
			  LEFT JOIN dpmeta.version_table t
				ON t.product_id = p.product_id AND t.version = p.current
			  WHERE p.current IS NOT NULL
			  GROUP BY p.product_id) z
	), types AS MATERIALIZED (
		SELECT c.column_type, c.columns, c.undescribed
		FROM dpmeta.column_type_stats c
	)
	SELECT pg_catalog.jsonb_build_object(
		'time', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
		'products', pg_catalog.jsonb_build_object(
			'live', (SELECT coalesce(sum(p.n) FILTER (WHERE p.live), 0) FROM products p),
			'deleted', (SELECT coalesce(sum(p.n) FILTER (WHERE NOT p.live), 0) FROM products p),
			'byStatus', (SELECT coalesce(jsonb_object_agg(s.status, s.n), '{}')
						 FROM (SELECT p.status, sum(p.n) AS n
							   FROM products p WHERE p.live GROUP BY p.status) s),
			'byDomain', (SELECT coalesce(jsonb_object_agg(s.domain, s.n), '{}')
						 FROM (SELECT p.domain, sum(p.n) AS n
							   FROM products p WHERE p.live GROUP BY p.domain) s)),
		'versions', pg_catalog.jsonb_build_object(
			'total', v.total,
			'deleted', v.deleted,
			'byKind', (SELECT jsonb_object_agg(k.kind, coalesce(s.n, 0))
					   FROM (VALUES ('initial'), ('minor'), ('major')) k(kind)
					   LEFT JOIN (SELECT d.kind, sum(d.n) AS n
								  FROM days d GROUP BY d.kind) s ON s.kind = k.kind)),
		'changes', (SELECT pg_catalog.jsonb_build_object(
						'last7Days', coalesce(sum(r.n) FILTER (WHERE r.age < 7), 0),
						'last30Days', coalesce(sum(r.n), 0),
						'breakingLast7Days',
						coalesce(sum(r.n) FILTER (WHERE r.kind = 'major' AND r.age < 7), 0),
						'breakingLast30Days',
						coalesce(sum(r.n) FILTER (WHERE r.kind = 'major'), 0))
					FROM recent r)
			|| pg_catalog.jsonb_build_object(
			'perDay', (SELECT jsonb_agg(jsonb_build_object('day', g.day, 'versions', g.versions,
														   'breaking', g.breaking)
										ORDER BY g.day)
					   FROM (SELECT (now() AT TIME ZONE 'UTC')::date - i.age AS day,
								coalesce(sum(r.n), 0) AS versions,
								coalesce(sum(r.n) FILTER (WHERE r.kind = 'major'), 0) AS breaking
							 FROM generate_series(0, 29) i(age)
							 LEFT JOIN recent r ON r.age = i.age
							 GROUP BY i.age) g),
			'topActors', (SELECT coalesce(jsonb_agg(jsonb_build_object('actor', a.actor,
																	   'versions', a.n)
													ORDER BY a.n DESC, a.actor COLLATE "C"), '[]')
						  FROM (SELECT r.actor, sum(r.n) AS n
								FROM recent r GROUP BY r.actor
								ORDER BY 2 DESC, r.actor COLLATE "C" LIMIT 10) a)),
		'tables', pg_catalog.jsonb_build_object(
			'total', coalesce(z.total, 0),
			'perProduct', pg_catalog.jsonb_build_object(
				'median', coalesce(z.percentiles[1], 0),
				'p90', coalesce(z.percentiles[2], 0),
				'p99', coalesce(z.percentiles[3], 0),
				'max', coalesce(z.largest, 0))),
		'columns', pg_catalog.jsonb_build_object(
			'total', (SELECT coalesce(sum(t.columns), 0) FROM types t),
			'withoutDescription', (SELECT coalesce(sum(t.undescribed), 0) FROM types t),
			'topTypes', (SELECT coalesce(jsonb_agg(jsonb_build_object('type', t.column_type,
																	  'columns', t.columns)
												   ORDER BY t.columns DESC, t.column_type COLLATE "C"), '[]')
						 FROM (SELECT t.column_type, t.columns
							   FROM types t
							   ORDER BY t.columns DESC, t.column_type COLLATE "C" LIMIT 10) t)),
		'problems', (SELECT coalesce(jsonb_object_agg(x.problem, x.n), '{}')
					 FROM (SELECT x.problem, count(*) AS n
						   FROM dpmeta.problems x GROUP BY x.problem) x))
	FROM versions v, sizes z;
END;

COMMENT ON FUNCTION dpmeta.stats() IS
	'the platform''s health in figures: products, versions, changes of 30 days, tables, columns, problems; scans all of the store';
/*
 * Registering the tables of a live PostgreSQL schema.  catalog_schemas() reads
 * the catalog with its caller's rights, register_catalog_schema() makes one
 * version of what it gives.
 */

/*
 * A name as dpmeta takes it.  Folding is asked for, never silent.
 */
CREATE FUNCTION dpmeta.catalog_name(name text, fold_names boolean)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN fold_names THEN
			pg_catalog.regexp_replace(pg_catalog.lower(name COLLATE "C"),
									  '[^a-z0-9_]' COLLATE "C", '_', 'g')
		ELSE name
	END;

COMMENT ON FUNCTION dpmeta.catalog_name(text, boolean) IS
	'private: the name, lower-cased and with _ for every other character than [a-z0-9_] if names are folded';

/* A name that is v and a number would be read as a version. */
CREATE FUNCTION dpmeta.catalog_table_name(name text, fold_names boolean)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN dpmeta.catalog_name(name, fold_names)
		|| CASE WHEN fold_names AND name ~* '^v[0-9]+$' THEN '_' ELSE '' END;

COMMENT ON FUNCTION dpmeta.catalog_table_name(text, boolean) IS
	'private: the same for a table, whose name must not be read as a version';

/*
 * It calls itself for the parts of nested types, so its body cannot be bound
 * at creation.  What holds text, or more than any Athena type can, is a string:
 * nothing is rounded or cut.
 */
CREATE FUNCTION dpmeta.catalog_type(type oid, modifier integer,
									fold_names boolean DEFAULT false,
									depth integer DEFAULT 1)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN depth >= 30 THEN 'string'
		WHEN t.typtype = 'd' THEN
			dpmeta.catalog_type(t.typbasetype,
								CASE WHEN t.typtypmod >= 0 THEN t.typtypmod ELSE modifier END,
								fold_names, depth)
		WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN
			'array<' || dpmeta.catalog_type(t.typelem, modifier, fold_names, depth + 1) || '>'
		WHEN t.typtype = 'c' THEN
			coalesce('struct<' || (
				SELECT string_agg(dpmeta.catalog_name(a.attname, fold_names) || ':' ||
								  dpmeta.catalog_type(a.atttypid, a.atttypmod, fold_names, depth + 1),
								  ',' ORDER BY a.attnum)
				FROM pg_attribute a
				WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) || '>',
				'string')
		ELSE coalesce(CASE t.oid
			WHEN 'boolean'::regtype THEN 'boolean'
			WHEN 'smallint'::regtype THEN 'smallint'
			WHEN 'integer'::regtype THEN 'int'
			WHEN 'bigint'::regtype THEN 'bigint'
			WHEN 'oid'::regtype THEN 'bigint'
			WHEN 'xid'::regtype THEN 'bigint'
			WHEN 'cid'::regtype THEN 'bigint'
			WHEN 'xid8'::regtype THEN 'ubigint'
			WHEN 'real'::regtype THEN 'float'
			WHEN 'double precision'::regtype THEN 'double'
			WHEN 'date'::regtype THEN 'date'
			WHEN 'timestamp'::regtype THEN 'timestamp'
			WHEN 'timestamptz'::regtype THEN 'timestamp'
			WHEN 'bytea'::regtype THEN 'binary'
			WHEN '"char"'::regtype THEN 'char(1)'
			WHEN 'bpchar'::regtype THEN
				CASE
					WHEN modifier BETWEEN 5 AND 259 THEN format('char(%s)', modifier - 4)
					WHEN modifier BETWEEN 260 AND 65539 THEN format('varchar(%s)', modifier - 4)
				END
			WHEN 'varchar'::regtype THEN
				CASE
					WHEN modifier BETWEEN 5 AND 65539 THEN format('varchar(%s)', modifier - 4)
				END
			WHEN 'numeric'::regtype THEN
				(SELECT format('decimal(%s,%s)', d.digits, d.scale)
				 FROM (SELECT greatest(m.precision - least(m.scale, 0), m.scale) AS digits,
							greatest(m.scale, 0) AS scale
					   FROM (SELECT ((modifier - 4) >> 16) & 65535 AS precision,
								(((modifier - 4) & 2047) # 1024) - 1024 AS scale) m) d
				 WHERE modifier >= 4 AND d.digits <= 38)
		END, 'string')
	END
	FROM pg_type t
	WHERE t.oid = type
$$;

COMMENT ON FUNCTION dpmeta.catalog_type(oid, integer, boolean, integer) IS
	'private: the column type of a PostgreSQL type and its modifier';

/*
 * The set of tables as sync_data_product() takes it.  NULL when the caller may
 * not use the schema, so that lost rights do not look like dropped tables.  A
 * partition is part of its table and not one itself.  Two names that
 * would fold to one stay as they are, and so are refused with the other
 * names that dpmeta does not take.
 */
CREATE FUNCTION dpmeta.catalog_schemas(schema regnamespace, fold_names boolean DEFAULT false)
	RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH relation AS (
		SELECT n.oid, n.relname, n.folded, count(*) OVER (PARTITION BY n.folded) AS same
		FROM (
			SELECT c.oid, c.relname::text AS relname,
				dpmeta.catalog_table_name(c.relname::text, catalog_schemas.fold_names) AS folded
			FROM pg_catalog.pg_class c
			WHERE c.relnamespace = catalog_schemas.schema::oid
				AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
				AND NOT c.relispartition
				AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
		) n
	), attribute AS MATERIALIZED (
		SELECT n.attrelid, n.attnum, n.attname, n.folded, n.atttypid, n.atttypmod,
			count(*) OVER (PARTITION BY n.attrelid, n.folded) AS same
		FROM (
			SELECT a.attrelid, a.attnum, a.attname::text AS attname,
				dpmeta.catalog_name(a.attname::text, catalog_schemas.fold_names) AS folded,
				a.atttypid, a.atttypmod
			FROM relation r
			JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid
			WHERE a.attnum > 0
				AND NOT a.attisdropped
				AND pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
		) n
	), type AS MATERIALIZED (
		SELECT d.atttypid, d.atttypmod,
			dpmeta.catalog_type(d.atttypid, d.atttypmod, catalog_schemas.fold_names) AS column_type
		FROM (SELECT DISTINCT a.atttypid, a.atttypmod FROM attribute a) d
	), definition AS (
		SELECT a.attrelid,
			pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
				'name', CASE WHEN a.same = 1 THEN a.folded ELSE a.attname END,
				'type', t.column_type,
				'description', coalesce(d.description, '')) ORDER BY a.attnum) AS columns
		FROM attribute a
		JOIN type t ON t.atttypid = a.atttypid AND t.atttypmod = a.atttypmod
		LEFT JOIN pg_catalog.pg_description d
			ON d.objoid = a.attrelid
			AND d.classoid = 'pg_catalog.pg_class'::regclass
			AND d.objsubid = a.attnum
		GROUP BY a.attrelid
	)
	SELECT CASE WHEN pg_catalog.has_schema_privilege(catalog_schemas.schema::oid, 'USAGE') THEN
		coalesce(pg_catalog.jsonb_object_agg(
			CASE WHEN r.same = 1 THEN r.folded ELSE r.relname END,
			pg_catalog.jsonb_build_object(
				'tableDescription', coalesce(d.description, ''),
				'columns', coalesce(c.columns, '[]'))), '{}')
		END
	FROM relation r
	LEFT JOIN definition c ON c.attrelid = r.oid
	LEFT JOIN pg_catalog.pg_description d
		ON d.objoid = r.oid
		AND d.classoid = 'pg_catalog.pg_class'::regclass
		AND d.objsubid = 0;
END;

COMMENT ON FUNCTION dpmeta.catalog_schemas(regnamespace, boolean) IS
	'the schemas of all tables and views of a PostgreSQL schema that you may read, by name: types mapped, comments as descriptions; fold_names => true makes names fit';

/*
 * The set of tables if it can be registered, else an error that lists every name
 * that stands in the way, for sync_data_product() would stop at the first.
 */
CREATE FUNCTION dpmeta.check_catalog_schemas(schema regnamespace, schemas jsonb, fold_names boolean)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	folding	CONSTANT text := 'fold_names => true, which folds to lower case, with _ for every character other than [a-z0-9_]';
	faults	jsonb;
BEGIN
	IF schemas IS NULL THEN
		RAISE 'permission denied for schema %', schema
			USING ERRCODE = 'insufficient_privilege';
	END IF;

	WITH tables AS (
		SELECT t.name, t.definition, t.folded,
			'/schemas/' || replace(replace(t.name, '~', '~0'), '/', '~1') AS pointer,
			string_agg(to_json(t.name)::text, ', ') OVER same AS names,
			count(*) OVER same AS same
		FROM (SELECT d.key AS name, d.value AS definition,
				dpmeta.catalog_table_name(d.key, fold_names) AS folded
			  FROM jsonb_each(schemas) d) t
		WINDOW same AS (PARTITION BY t.folded ORDER BY t.name COLLATE "C"
						ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
	), columns AS (
		SELECT c.table_name, c.position, c.name, c.type, c.folded,
			c.pointer || '/columns/' || c.position - 1 AS pointer,
			string_agg(to_json(c.name)::text, ', ') OVER same AS names,
			count(*) OVER same AS same
		FROM (SELECT t.name AS table_name, t.pointer, d.position,
				d.value->>'name' AS name, d.value->>'type' AS type,
				dpmeta.catalog_name(d.value->>'name', fold_names) AS folded
			  FROM tables t
			  CROSS JOIN LATERAL jsonb_array_elements(t.definition->'columns')
				WITH ORDINALITY d(value, position)) c
		WINDOW same AS (PARTITION BY c.table_name, c.folded ORDER BY c.position
						ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
	), found AS (
		SELECT t.name AS table_name, 0 AS position, t.pointer,
			CASE WHEN t.same = 1 THEN
				format('Table name %s must match ^[a-z0-9_]{1,128}$ and not be v with a number.',
					   to_json(t.name))
			ELSE
				format('The tables %s would become one, %s, by %s.', t.names, to_json(t.folded), folding)
			END AS message
		FROM tables t
		WHERE t.name !~ '^[a-z0-9_]{1,128}$' OR t.name ~ '^v[0-9]+$'
		UNION ALL
		SELECT c.table_name, c.position, c.pointer || '/name',
			CASE WHEN c.same = 1 THEN
				format('Column name %s in table %s must match ^[a-z0-9_]{1,128}$.',
					   to_json(c.name), to_json(c.table_name))
			ELSE
				format('The columns %s of table %s would become one, %s, by %s.', c.names,
					   to_json(c.table_name), to_json(c.folded), folding)
			END
		FROM columns c
		WHERE c.name !~ '^[a-z0-9_]{1,128}$'
		UNION ALL
		SELECT c.table_name, c.position, c.pointer || '/type',
			format('Type of column %s in table %s has attributes with names other than [a-z0-9_]: %s.',
				   to_json(c.name), to_json(c.table_name), c.type)
		FROM columns c
		WHERE c.type !~ '^[a-z0-9_<>:,()]+$'
	)
	SELECT jsonb_agg(jsonb_build_object('pointer', f.pointer, 'keyword', 'pattern',
										'message', f.message)
					 ORDER BY f.table_name COLLATE "C", f.position)
	INTO faults
	FROM found f;

	IF faults IS NOT NULL THEN
		RAISE 'schema % has % that a data product cannot have', schema,
			CASE jsonb_array_length(faults) WHEN 1 THEN 'a name'
				ELSE jsonb_array_length(faults) || ' names' END
			USING ERRCODE = 'MD007', DETAIL = faults::text,
				HINT = CASE WHEN fold_names THEN
					'Rename all but one of those that would become one.'
				ELSE
					'Pass fold_names => true to fold them to lower case, with _ for every other character; rename where two would become one.'
				END;
	END IF;
	RETURN schemas;
END
$$;

COMMENT ON FUNCTION dpmeta.check_catalog_schemas(regnamespace, jsonb, boolean) IS
	'private: what it is given if all names in it can be registered, else an error with all that cannot';

/*
 * sync_data_product() would find the same faults, but cannot know where what
 * is missing is to be given.
 */
CREATE FUNCTION dpmeta.check_catalog_product(document jsonb)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	faults	jsonb;
BEGIN
	SELECT jsonb_agg(jsonb_build_object('pointer', f.instance_pointer, 'keyword', f.keyword,
										'message', f.message, 'schemaPointer', f.schema_pointer)
					 ORDER BY f.ordinality)
	INTO faults
	FROM dpmeta.validate(dpmeta.model('data-product'), document, true) WITH ORDINALITY f;

	IF faults IS NOT NULL THEN
		RAISE 'document breaks its model in % %', jsonb_array_length(faults),
			CASE jsonb_array_length(faults) WHEN 1 THEN 'place' ELSE 'places' END
			USING ERRCODE = 'MD007', DETAIL = faults::text,
				HINT = 'Give these members in the second argument, product, as in register_catalog_schema(''shop'', ''{"domain": "HQ", "email": "shop@example.org"}''); what the data product has already need not be given. The model is dpmeta.model(''data-product'').';
	END IF;
	RETURN document;
END
$$;

COMMENT ON FUNCTION dpmeta.check_catalog_product(jsonb) IS
	'private: the document that it is given if it fits the model, else an error that says where to give what does not';

CREATE FUNCTION dpmeta.lock_data_product(name text) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, dpmeta, pg_temp
BEGIN ATOMIC
	SELECT FROM dpmeta.product p
	WHERE p.name = lock_data_product.name
	FOR NO KEY UPDATE;
END;

COMMENT ON FUNCTION dpmeta.lock_data_product(text) IS
	'private: keeps other writers of a data product waiting until the transaction ends';

CREATE FUNCTION dpmeta.catalog_product_name(schema regnamespace, product jsonb, fold_names boolean)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(catalog_product_name.product->>'name',
					dpmeta.catalog_name(n.nspname::text, catalog_product_name.fold_names))
	FROM pg_catalog.pg_namespace n
	WHERE n.oid = catalog_product_name.schema::oid;
END;

COMMENT ON FUNCTION dpmeta.catalog_product_name(regnamespace, jsonb, boolean) IS
	'private: the name of the data product that a PostgreSQL schema is registered as';

/*
 * What is not given stays as it is in the current version, so that a job which
 * repeats this does not undo what others changed.  They wait while it reads
 * that version: the second statement sees all that was written before the first
 * got the lock.
 */
CREATE FUNCTION dpmeta.register_catalog_schema(schema regnamespace,
											   product jsonb DEFAULT '{}',
											   fold_names boolean DEFAULT false,
											   dry_run boolean DEFAULT false,
											   actor text DEFAULT NULL,
											   actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dpmeta.lock_data_product(
		dpmeta.catalog_product_name(register_catalog_schema.schema,
									register_catalog_schema.product,
									register_catalog_schema.fold_names));
	SELECT dpmeta.sync_data_product(
		document => dpmeta.check_catalog_product(pg_catalog.jsonb_build_object(
				'name', d.name,
				'description', d.description,
				'status', 'draft')
			|| coalesce((SELECT v.metadata
						 FROM dpmeta.data_product_versions v
						 WHERE v.data_product = d.name AND v.is_current), '{}')
			|| register_catalog_schema.product),
		schemas => d.schemas,
		dry_run => register_catalog_schema.dry_run,
		actor => register_catalog_schema.actor,
		actor_roles => register_catalog_schema.actor_roles)
	FROM (SELECT dpmeta.catalog_product_name(register_catalog_schema.schema,
											 register_catalog_schema.product,
											 register_catalog_schema.fold_names) AS name,
			coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'),
					 pg_catalog.format('Tables of the schema %I in the PostgreSQL database %I',
									   n.nspname, pg_catalog.current_database())) AS description,
			dpmeta.check_catalog_schemas(register_catalog_schema.schema,
				dpmeta.catalog_schemas(register_catalog_schema.schema,
									   register_catalog_schema.fold_names),
				register_catalog_schema.fold_names) AS schemas
		  FROM pg_catalog.pg_namespace n
		  WHERE n.oid = register_catalog_schema.schema::oid
		  OFFSET 0) d;			-- the tables are looked at first
END;

COMMENT ON FUNCTION dpmeta.register_catalog_schema(regnamespace, jsonb, boolean, boolean, text, text[]) IS
	'registers the tables and views of a live PostgreSQL schema as one data product, or brings it up to date, in one version; members of product that are not given stay as they are';
/*
 * For whoever reads on a standby what was just written on the primary.  There,
 * SELECT pg_current_wal_insert_lsn() after the commit is the position.
 */
CREATE PROCEDURE dpmeta.wait_for_position(target pg_lsn, timeout integer DEFAULT 1000)
	AS 'MODULE_PATHNAME', 'dpmeta_wait_for_position' LANGUAGE C;

COMMENT ON PROCEDURE dpmeta.wait_for_position(pg_lsn, integer) IS
	'waits until this standby has replayed the WAL up to the position target, and fails after timeout milliseconds; on a primary it returns at once';
/*
 * Who may do what.  Nobody but the owner may do anything until a grant_*
 * function says so, except for what only computes: the types and their
 * operators, and every other IMMUTABLE function.
 *
 * The rungs of the ladder are reader, producer, steward and front, and each
 * holds all that is below it.  What a rung adds stands here and nowhere else.
 */
CREATE FUNCTION dpmeta.role_rights()
	RETURNS TABLE (rung integer, role text, kind text, name text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT r.rung, r.role, r.kind, n.name
	FROM (VALUES
		(1, 'reader', 'view', ARRAY[
			'data_products', 'data_product_versions', 'schemas', 'columns',
			'tags', 'events', 'changes', 'domain_stats', 'daily_stats',
			'actor_stats', 'column_type_stats', 'problems']),
		(1, 'reader', 'function', ARRAY[
			'get_data_product', 'get_schema', 'list_data_products',
			'data_products_page', 'list_versions', 'list_changes',
			'model', 'domains', 'stats', 'version', 'catalog_type',
			'catalog_schemas', 'validate_ref', 'is_valid_ref',
			'schema_cache', 'wait_for_position']),
		(2, 'producer', 'function', ARRAY[
			'register_data_product', 'update_data_product',
			'patch_data_product', 'register_schema', 'update_schema',
			'patch_schema', 'report_load', 'sync_data_product',
			'catalog_product_name', 'check_catalog_schemas',
			'check_catalog_product',
			'lock_data_product', 'register_catalog_schema']),
		(3, 'steward', 'function', ARRAY[
			'delete_data_product', 'restore_data_product', 'delete_schema',
			'set_sunset']),
		(4, 'front', 'function', ARRAY['check_actor'])
	) r(rung, role, kind, names)
	CROSS JOIN LATERAL pg_catalog.unnest(r.names) n(name);
END;

COMMENT ON FUNCTION dpmeta.role_rights() IS
	'what reader, producer, steward and front each may do beyond the one before: one row for each view or function';

/*
 * Dynamic SQL is what PL/pgSQL is here for.  SECURITY DEFINER, so that whoever
 * may execute a grant_* function needs no other right, and every grant is the
 * owner's, which pg_dump and REVOKE treat alike.
 */
CREATE FUNCTION dpmeta.change_rights(command text, grantee regrole, first integer, last integer)
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	statement	text;
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = grantee) THEN
		RAISE 'role % does not exist', coalesce(grantee::text, 'NULL')
			USING ERRCODE = 'undefined_object',
				HINT = 'Give the name of a role, as in grant_reader(''analyst'').';
	END IF;
	FOR statement IN
		SELECT 'USAGE ON SCHEMA dpmeta' WHERE first <= 1
		UNION ALL
		SELECT format('SELECT ON dpmeta.%I', r.name)
		FROM dpmeta.role_rights() r
		WHERE r.kind = 'view' AND r.rung BETWEEN first AND last
		UNION ALL
		SELECT format('EXECUTE ON ROUTINE %s', p.oid::regprocedure)
		FROM dpmeta.role_rights() r
		JOIN pg_proc p ON p.proname = r.name AND p.pronamespace = 'dpmeta'::regnamespace
		WHERE r.kind = 'function' AND r.rung BETWEEN first AND last
			AND p.provolatile <> 'i'
	LOOP
		EXECUTE format(CASE command WHEN 'grant' THEN 'GRANT %s TO %s' ELSE 'REVOKE %s FROM %s' END,
					   statement, grantee);
	END LOOP;
END
$$;

COMMENT ON FUNCTION dpmeta.change_rights(text, regrole, integer, integer) IS
	'private: grants to or revokes from a role what these rungs of role_rights() hold';

CREATE FUNCTION dpmeta.grant_reader(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('grant', grant_reader.role, 1, 1);
END;

CREATE FUNCTION dpmeta.grant_producer(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('grant', grant_producer.role, 1, 2);
END;

CREATE FUNCTION dpmeta.grant_steward(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('grant', grant_steward.role, 1, 3);
END;

CREATE FUNCTION dpmeta.grant_front(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('grant', grant_front.role, 1, 4);
END;

CREATE FUNCTION dpmeta.revoke_reader(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('revoke', revoke_reader.role, 1, 4);
END;

CREATE FUNCTION dpmeta.revoke_producer(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('revoke', revoke_producer.role, 2, 4);
END;

CREATE FUNCTION dpmeta.revoke_steward(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('revoke', revoke_steward.role, 3, 4);
END;

CREATE FUNCTION dpmeta.revoke_front(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('revoke', revoke_front.role, 4, 4);
END;

COMMENT ON FUNCTION dpmeta.grant_reader(regrole) IS
	'lets a role read: the views and the functions that read';
COMMENT ON FUNCTION dpmeta.grant_producer(regrole) IS
	'lets a role read, register, update, patch and report loads';
COMMENT ON FUNCTION dpmeta.grant_steward(regrole) IS
	'lets a role do what a producer may, and delete, restore and set a sunset date';
COMMENT ON FUNCTION dpmeta.grant_front(regrole) IS
	'lets a role do what a steward may, and act for the callers of the HTTP front that it runs';
COMMENT ON FUNCTION dpmeta.revoke_reader(regrole) IS
	'takes all rights from a role: the reader''s and all above';
COMMENT ON FUNCTION dpmeta.revoke_producer(regrole) IS
	'takes the producer''s rights and all above from a role, which may still read';
COMMENT ON FUNCTION dpmeta.revoke_steward(regrole) IS
	'takes the steward''s rights and the front''s from a role, which is still a producer';
COMMENT ON FUNCTION dpmeta.revoke_front(regrole) IS
	'takes the right to act for others from a role, which is still a steward';

/*
 * Last of all, when everything is there.
 */
REVOKE ALL ON SCHEMA dpmeta FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA dpmeta FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA dpmeta FROM PUBLIC;
REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA dpmeta FROM PUBLIC;

DO $$
DECLARE
	routine		regprocedure;
BEGIN
	FOR routine IN
		SELECT p.oid
		FROM pg_catalog.pg_proc p
		WHERE p.pronamespace = 'dpmeta'::pg_catalog.regnamespace
			AND p.provolatile = 'i'
	LOOP
		EXECUTE pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO PUBLIC', routine);
	END LOOP;
END
$$;
