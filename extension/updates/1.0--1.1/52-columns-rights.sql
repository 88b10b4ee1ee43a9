REVOKE ALL ON dpmeta.column_kind, dpmeta.column_names FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION dpmeta.columns_arrived(), dpmeta.columns_left(), dpmeta.columns_known(jsonb), dpmeta.forget_kinds(),
	dpmeta.column_names_like(text, text),
	dpmeta.column_names(jsonb), dpmeta.count_columns(jsonb), dpmeta.count_described(jsonb),
	dpmeta.found_by_column_support(internal), dpmeta.found_by_column(jsonb, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dpmeta.column_names(jsonb), dpmeta.count_columns(jsonb),
	dpmeta.count_described(jsonb), dpmeta.found_by_column_support(internal),
	dpmeta.found_by_column(jsonb, text) TO PUBLIC;
