-- What was before is in the log.

DO $$ BEGIN PERFORM dpmeta.renew_times(); END $$;

REVOKE ALL ON TABLE dpmeta.product_state, dpmeta.undone_deletion, dpmeta.past_facts FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION
	dpmeta.get_data_product(dpmeta.dpid, timestamptz), dpmeta.get_schema(dpmeta.dpid, timestamptz),
	dpmeta.list_data_products_at(timestamptz, text, text, text, text, text, integer, text, boolean),
	dpmeta.data_products_page_at(timestamptz, text, text, text, text, text, integer, text, boolean),
	dpmeta.as_of(timestamptz), dpmeta.read_time(text) FROM PUBLIC;
