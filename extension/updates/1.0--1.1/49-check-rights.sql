-- Checking is for DBAs, and for whom they let in.

REVOKE ALL ON TABLE dpmeta.product_source, dpmeta.installed FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION dpmeta.check(), dpmeta.check_products(), dpmeta.check_versions(), dpmeta.check_copies(),
	dpmeta.check_search(), dpmeta.check_tables(), dpmeta.check_log(), dpmeta.check_times(), dpmeta.check_rest(),
	dpmeta.catalogue(), dpmeta.check_catalogue() FROM PUBLIC;
