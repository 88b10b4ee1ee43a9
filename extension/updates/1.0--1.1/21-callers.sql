-- What writes runs as its caller until it has noted whose call it is, and as the
-- owner after that.

ALTER FUNCTION dpmeta.register_data_product(jsonb, text[], boolean, text, boolean, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.update_data_product(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.patch_data_product(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.register_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.update_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.patch_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.delete_schema(dpmeta.dpid, text[], boolean, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.sync_data_product(jsonb, jsonb, boolean, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.delete_data_product(dpmeta.dpid, text[], boolean, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.restore_data_product(dpmeta.dpid, text[], boolean, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.report_load(dpmeta.dpid, timestamptz, bigint, text, text, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.set_sunset(text, date, text, text[]) SECURITY INVOKER;
ALTER FUNCTION dpmeta.purge_data_product(text) SECURITY INVOKER;
ALTER FUNCTION dpmeta.purge_idempotency_keys() SECURITY INVOKER;

COMMENT ON FUNCTION dpmeta.restore_data_product(dpmeta.dpid, text[], boolean, text, text[]) IS
	'makes live again what was deleted last of a data product (dp:x), of a major (dp:x:v1), or a version (dp:x:v1.0); MD012 when it is not deleted, a later version of its major was made, or the name was registered again (MD001, MD002, MD003, MD009); if_match never holds, because what is deleted has no entity tag (MD006); dry_run: say what it would restore and write nothing; actor, actor_roles: for those who act for another (MD009)';
COMMENT ON FUNCTION dpmeta.set_sunset(text, date, text, text[]) IS
	'sets the day after which a data product may go away; null for no such day (MD002, MD003, MD009, MD010); actor, actor_roles: for those who act for another (MD009)';
