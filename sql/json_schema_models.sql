-- the models of a data product and of a table's schema
\set VERBOSITY terse
SELECT name FROM dpmeta.model ORDER BY name;
SELECT m.name, c.* FROM dpmeta.model m, dpmeta.check_schema(m.schema) c;
-- their own examples hold
SELECT m.name, v.* FROM dpmeta.model m, jsonb_array_elements(m.schema -> 'examples') e, dpmeta.validate(m.schema, e, true) v;
SELECT p.key, v.message FROM dpmeta.model m, jsonb_each(m.schema -> 'properties') p, jsonb_array_elements(p.value -> 'examples') e,
	dpmeta.validate(p.value, e, true) v;
-- every member of both says what it is
SELECT m.name, p.key FROM dpmeta.model m, jsonb_each(m.schema -> 'properties') p WHERE NOT p.value ? 'description';

SELECT instance_pointer, keyword, message
	FROM dpmeta.validate(dpmeta.model('data-product'), '{"name": "A", "email": "x", "retentionPeriod": 1.5, "status": "x", "domain": "Nowhere", "version": "v1.0", "other": 1, "tags": {"a": 1, "": "x"}}', true);
SELECT instance_pointer, keyword, message
	FROM dpmeta.validate(dpmeta.model('data-product-update'), dpmeta.model('data-product') #> '{examples,0}', true);
SELECT instance_pointer, keyword, message
	FROM dpmeta.validate(dpmeta.model('schema'), '{"columns": [
		{"name": "a", "type": "int", "description": ""}, {"name": "b", "type": "decimal(39)", "description": ""},
		{"name": "a", "type": "string", "description": ""}, {"name": "A", "type": "Inte", "description": null}, 1]}');
SELECT dpmeta.is_valid(dpmeta.model('schema'), '{"tableDescription": "", "columns": []}');

-- the domains are data
SELECT dpmeta.domains();
SELECT dpmeta.set_domains('{Sea, Air, Sea}');
SELECT m.schema #> '{properties,domain,enum}', m.schema #> '{properties,domain,examples}' FROM dpmeta.model m WHERE m.schema -> 'properties' ? 'domain';
INSERT INTO dpmeta.domain VALUES ('Land');
SELECT dpmeta.model('data-product-update') #> '{properties,domain,enum}';
COPY dpmeta.domain FROM stdin;
Fire
\.
SELECT dpmeta.domains(), dpmeta.model('data-product') #> '{properties,domain,enum}';
TRUNCATE dpmeta.domain;
SELECT dpmeta.model('data-product') #> '{properties,domain,enum}';
SELECT dpmeta.set_domains('{""}');
SELECT dpmeta.set_domains('{}');
