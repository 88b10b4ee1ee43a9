/*
 * The views show IDs, versions and column types as text now, and a view's column
 * cannot change its type.  So they are made anew, and what of the extension's own
 * calls them after them.  Of users' own, 02-dependents.sql saw that nothing does.
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

CREATE OR REPLACE FUNCTION dpmeta.stats() RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER COST 1000000
BEGIN ATOMIC
	SELECT NULL::jsonb;
END;

DROP VIEW dpmeta.data_products, dpmeta.data_product_versions, dpmeta.schemas,
	dpmeta.columns, dpmeta.tags, dpmeta.events, dpmeta.changes, dpmeta.problems;
