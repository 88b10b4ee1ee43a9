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
-- a tool's parameters are of text or varchar
CREATE CAST (text AS dpmeta.dpversion) WITH INOUT AS IMPLICIT;
CREATE CAST (varchar AS dpmeta.dpversion) WITH INOUT AS IMPLICIT;

COMMENT ON CAST (dpmeta.dpversion AS text) IS 'text form';
COMMENT ON CAST (text AS dpmeta.dpversion) IS 'parsed text';
COMMENT ON CAST (varchar AS dpmeta.dpversion) IS 'parsed text';
