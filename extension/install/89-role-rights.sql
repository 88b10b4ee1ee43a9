-- What each role may do.  An update has this very file.

CREATE OR REPLACE FUNCTION dpmeta.role_rights()
	RETURNS TABLE (rung integer, role text, kind text, name text)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT r.rung, r.role, r.kind, n.name
	FROM (VALUES
		(1, 'reader', 'view', ARRAY[
			'data_products', 'data_product_versions', 'data_product_history',
			'schemas', 'columns', 'column_names',
			'tags', 'events', 'changes', 'domain_stats', 'daily_stats',
			'actor_stats', 'column_type_stats', 'problems',
			'idempotency_stats', 'log_months', 'consumers']),
		(1, 'reader', 'function', ARRAY[
			'get_data_product', 'get_schema', 'get_contract', 'format_schema', 'row_schema', 'is_valid_row', 'validate_query', 'validate_rows', 'validate_lines', 'get_consumer', 'list_consumers', 'list_data_products',
			'data_products_page', 'list_data_products_at',
			'data_products_page_at', 'catalogue_page', 'list_versions', 'list_changes', 'read_time', 'as_of', 'data_products_at',
			'schemas_at', 'columns_at', 'changes_between', 'follow_events',
			'model', 'domains', 'stats', 'version', 'catalog_type',
			'catalog_schemas', 'catalog_relations', 'catalog_columns', 'catalog_definitions',
			'check_catalog_rights', 'check_catalog_names', 'validate_ref', 'is_valid_ref', 'validate_output_ref',
			'schema_cache', 'current_position', 'wait_for_position',
			'idempotency_retention', 'log_kept_since', 'column_names_like',
			'search', 'search_page',
			'drift', 'schema_drift', 'drift_between']),
		(2, 'producer', 'function', ARRAY[
			'register_data_product', 'update_data_product',
			'patch_data_product', 'register_schema', 'update_schema',
			'patch_schema', 'report_load', 'sync_data_product', 'put_contract',
			'put_contracts', 'put_consumer', 'delete_consumer',
			'catalog_product_name', 'check_catalog_schemas',
			'check_catalog_product', 'check_catalog', 'catalog_merged',
			'lock_data_product', 'register_catalog_schema']),
		(3, 'steward', 'function', ARRAY[
			'delete_data_product', 'restore_data_product', 'delete_schema',
			'set_sunset']),
		(4, 'front', 'function', ARRAY['check_actor', 'renew_stats'])
	) r(rung, role, kind, names)
	CROSS JOIN LATERAL pg_catalog.unnest(r.names) n(name);
END;

COMMENT ON FUNCTION dpmeta.role_rights() IS
	'what reader, producer, steward and front each may do beyond the one before: one row for each view or function';
