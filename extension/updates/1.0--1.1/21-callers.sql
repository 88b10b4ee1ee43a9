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
