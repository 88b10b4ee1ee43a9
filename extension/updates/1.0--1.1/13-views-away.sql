/*
 * The views show IDs, versions and column types as text now, and a view's column
 * cannot change its type.  So they are made anew.  A view of somebody's own that
 * reads one of them must be dropped first: the error names it.  What calls them
 * is made anew after them.
 */
CREATE OR REPLACE FUNCTION dpmeta.register_catalog_schema(schema regnamespace,
		product jsonb DEFAULT '{}', fold_names boolean DEFAULT false,
		dry_run boolean DEFAULT false, actor text DEFAULT NULL,
		actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT NULL::dpmeta.write_result;
END;

DROP FUNCTION dpmeta.stats();

DROP VIEW dpmeta.data_products, dpmeta.data_product_versions, dpmeta.schemas,
	dpmeta.columns, dpmeta.tags, dpmeta.events, dpmeta.changes, dpmeta.problems;
