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
-- a tool's parameters are of text or varchar
CREATE CAST (text AS dpmeta.column_type) WITH INOUT AS IMPLICIT;
CREATE CAST (varchar AS dpmeta.column_type) WITH INOUT AS IMPLICIT;

COMMENT ON CAST (dpmeta.column_type AS text) IS 'text form';
COMMENT ON CAST (text AS dpmeta.column_type) IS 'parsed text';
COMMENT ON CAST (varchar AS dpmeta.column_type) IS 'parsed text';
