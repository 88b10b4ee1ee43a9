-- The condition on an ID that a query puts together: its planner support no longer
-- makes what it is called for.

CREATE FUNCTION dpmeta.dpid_same(dpmeta.dpid, dpmeta.dpid) RETURNS boolean
	AS 'MODULE_PATHNAME', 'bytewise_eq' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION dpmeta.dpid_same(dpmeta.dpid, dpmeta.dpid) IS
	'private: =, for the planner support of that, which must not make what it is called for';

REVOKE EXECUTE ON FUNCTION dpmeta.dpid_same(dpmeta.dpid, dpmeta.dpid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dpmeta.dpid_same(dpmeta.dpid, dpmeta.dpid) TO PUBLIC;
