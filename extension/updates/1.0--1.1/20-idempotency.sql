-- When a repeated write is answered from the first one.

COMMENT ON FUNCTION dpmeta.register_data_product(jsonb, text[], boolean, text, boolean, text, text[]) IS
	'registers a data product by its document (MD007 if it breaks its model, MD004 if the name is taken). All writes take these arguments. if_match: only if one of these entity tags is current (MD006). idempotent: replays the answer to an earlier copy of this request, with if_match or the ID of one version always, otherwise while that is still true. idempotency_key: the same, always, by a key of the caller''s own (MD008 if another request had it). dry_run: says what it would make, and writes nothing. actor, actor_roles: for those who act for another (MD009)';

COMMENT ON FUNCTION dpmeta.update_data_product(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'replaces the metadata of a data product, which makes a minor version unless nothing changed (MD002, MD003, MD005, MD007); for the other arguments see register_data_product()';

COMMENT ON FUNCTION dpmeta.patch_data_product(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'changes the metadata of a data product by a merge patch (RFC 7396); for the other arguments see register_data_product()';

COMMENT ON FUNCTION dpmeta.register_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'adds a table to a data product by its schema, which makes a minor version (MD002, MD003, MD004, MD005, MD007); for the other arguments see register_data_product()';

COMMENT ON FUNCTION dpmeta.update_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'replaces a table''s schema, which makes a minor or, if it breaks consumers, a major version (MD002, MD003, MD005, MD007, MD011); for the other arguments see register_data_product()';

COMMENT ON FUNCTION dpmeta.patch_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'changes a table''s schema by a merge patch (RFC 7396); for the other arguments see register_data_product()';
COMMENT ON FUNCTION dpmeta.delete_schema(dpmeta.dpid, text[], boolean, text, text[]) IS
	'makes a major version without the table (MD002, MD003, MD005, MD011); for the other arguments see register_data_product()';
