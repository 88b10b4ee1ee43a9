-- Nobody has what is new, until a role is given it.

REVOKE ALL ON TABLE dpmeta.any_version_table, dpmeta.validity, dpmeta.data_product_history FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION dpmeta.versions_at(timestamptz, text), dpmeta.data_products_at(timestamptz, text),
	dpmeta.schemas_at(timestamptz, text), dpmeta.columns_at(timestamptz, text),
	dpmeta.version_changes(text, dpmeta.dpversion, dpmeta.dpversion),
	dpmeta.changes_between(timestamptz, timestamptz) FROM PUBLIC;
