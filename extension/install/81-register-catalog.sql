/*
 * What is not given stays as it is in the current version, so that a job which
 * repeats this does not undo what others changed.  They wait while it reads
 * that version: the second statement sees all that was written before the first
 * got the lock.
 */
CREATE OR REPLACE FUNCTION dpmeta.register_catalog_schema(schema regnamespace,
											   product jsonb DEFAULT '{}',
											   fold_names boolean DEFAULT false,
											   dry_run boolean DEFAULT false,
											   actor text DEFAULT NULL,
											   actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dpmeta.lock_data_product(
		dpmeta.catalog_product_name(register_catalog_schema.schema,
									register_catalog_schema.product,
									register_catalog_schema.fold_names));
	SELECT dpmeta.sync_data_product(
		document => dpmeta.check_catalog_product(pg_catalog.jsonb_build_object(
				'name', d.name,
				'description', d.description,
				'status', 'draft')
			|| coalesce((SELECT v.metadata
						 FROM dpmeta.data_product_versions v
						 WHERE v.data_product = d.name AND v.is_current), '{}')
			|| register_catalog_schema.product),
		schemas => d.schemas,
		dry_run => register_catalog_schema.dry_run,
		actor => register_catalog_schema.actor,
		actor_roles => register_catalog_schema.actor_roles)
	FROM (SELECT dpmeta.catalog_product_name(register_catalog_schema.schema,
											 register_catalog_schema.product,
											 register_catalog_schema.fold_names) AS name,
			coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'),
					 pg_catalog.format('Tables of the schema %I in the PostgreSQL database %I',
									   n.nspname, pg_catalog.current_database())) AS description,
			dpmeta.check_catalog_schemas(register_catalog_schema.schema,
				dpmeta.catalog_schemas(register_catalog_schema.schema,
									   register_catalog_schema.fold_names),
				register_catalog_schema.fold_names) AS schemas
		  FROM pg_catalog.pg_namespace n
		  WHERE n.oid = register_catalog_schema.schema::oid
		  OFFSET 0) d;			-- the tables are looked at first
END;

COMMENT ON FUNCTION dpmeta.register_catalog_schema(regnamespace, jsonb, boolean, boolean, text, text[]) IS
	'registers the tables and views of a live PostgreSQL schema as one data product, or brings it up to date, in one version; members of product that are not given stay as they are';
