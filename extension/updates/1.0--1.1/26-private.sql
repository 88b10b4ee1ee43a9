-- What nobody but the extension calls is said to be private.
COMMENT ON FUNCTION dpmeta.checked_json_schema_uri(text, jsonb) IS
	'private: raises an error if a schema that is to be registered, or its URI, will not do.';
COMMENT ON FUNCTION dpmeta.example_domain() IS
	'private: a domain to show in examples.';
COMMENT ON FUNCTION dpmeta.refresh_models() IS
	'private: puts the current domains into the models.';
COMMENT ON FUNCTION dpmeta.domain_changed() IS
	'private: keeps the models in step with dpmeta.domain, however that is changed.';
