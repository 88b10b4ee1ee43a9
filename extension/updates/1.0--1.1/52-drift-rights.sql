REVOKE EXECUTE ON FUNCTION dpmeta.drift_between(jsonb, jsonb),
	dpmeta.schema_drift(regnamespace, text, text[], text[], jsonb, boolean),
	dpmeta.drift(regnamespace), dpmeta.drift(dpmeta.dpid, regclass) FROM PUBLIC;
