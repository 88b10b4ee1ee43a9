REVOKE ALL ON dpmeta.version_table, dpmeta.data_products, dpmeta.data_product_versions,
	dpmeta.schemas, dpmeta.columns, dpmeta.tags, dpmeta.events, dpmeta.changes,
	dpmeta.problems FROM PUBLIC;

REVOKE EXECUTE ON FUNCTION dpmeta.full_id_text(text, dpmeta.dpversion),
	dpmeta.full_id_text(text, dpmeta.dpversion, text), dpmeta.version_text(dpmeta.dpversion),
	dpmeta.id_text_name(text), dpmeta.id_text_names(text[]), dpmeta.id_text_version(text),
	dpmeta.id_text_table(text), dpmeta.text_version(text), dpmeta.major(text),
	dpmeta.found_by_support(internal), dpmeta.found_by(text, dpmeta.dpversion),
	dpmeta.found_by(text, dpmeta.dpversion, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dpmeta.full_id_text(text, dpmeta.dpversion),
	dpmeta.full_id_text(text, dpmeta.dpversion, text), dpmeta.version_text(dpmeta.dpversion),
	dpmeta.id_text_name(text), dpmeta.id_text_names(text[]), dpmeta.id_text_version(text),
	dpmeta.id_text_table(text), dpmeta.text_version(text), dpmeta.major(text),
	dpmeta.found_by_support(internal), dpmeta.found_by(text, dpmeta.dpversion),
	dpmeta.found_by(text, dpmeta.dpversion, text) TO PUBLIC;
