-- The models: what a valid document of a data product or of a table's schema is.

CREATE TABLE dpmeta.model (
	name text COLLATE "C" PRIMARY KEY,
	schema jsonb NOT NULL
);
COMMENT ON TABLE dpmeta.model IS
	'The JSON Schema models that documents are held to; kept in step with dpmeta.domain.';

CREATE TABLE dpmeta.domain (
	name text COLLATE "C" PRIMARY KEY
		CHECK (char_length(name) BETWEEN 1 AND 128)
);
COMMENT ON TABLE dpmeta.domain IS
	'The domains that a data product may belong to; while it is empty, those that are shipped.';
SELECT pg_catalog.pg_extension_config_dump('dpmeta.domain', '');

CREATE FUNCTION dpmeta.default_domains() RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN ARRAY['HQ', 'HMPPS', 'OPG', 'LAA', 'HMCTS', 'CICA', 'Platforms'];
COMMENT ON FUNCTION dpmeta.default_domains() IS
	'The domains that count while dpmeta.domain is empty.';

CREATE FUNCTION dpmeta.domains() RETURNS text[]
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT COALESCE(pg_catalog.array_agg(d.name ORDER BY d.name), dpmeta.default_domains())
	FROM dpmeta.domain d;
END;
COMMENT ON FUNCTION dpmeta.domains() IS
	'The domains that a data product may belong to.';

CREATE FUNCTION dpmeta.model(name text) RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE STRICT SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT m.schema FROM dpmeta.model m WHERE m.name OPERATOR(pg_catalog.=) $1;
END;
COMMENT ON FUNCTION dpmeta.model(text) IS
	'The JSON Schema model of that name: data-product, data-product-update or schema.';

-- The update's model is the registration's without the name, so that neither
-- can drift from the other.
INSERT INTO dpmeta.model (name, schema) VALUES ('data-product', $model$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Data product",
  "description": "A set of tables with an owner, a domain, a retention period and privacy facts, as it is registered.",
  "type": "object",
  "additionalProperties": false,
  "required": ["name", "description", "domain", "dataProductOwner", "dataProductOwnerDisplayName",
    "email", "status", "retentionPeriod", "dpiaRequired"],
  "properties": {
    "name": {
      "description": "Identifies the data product and never changes: 1 to 128 lower-case letters, digits and underscores.",
      "type": "string", "pattern": "^[a-z0-9_]{1,128}$",
      "examples": ["hmpps_use_of_force"]
    },
    "description": {
      "description": "What the data product holds and what it is for.",
      "type": "string", "maxLength": 65536,
      "examples": ["Incidents in which force was used, and the statements of the staff involved."]
    },
    "domain": {
      "description": "The part of the organisation that the data product belongs to.",
      "type": "string", "enum": [],
      "examples": ["HMPPS"]
    },
    "dataProductOwner": {
      "description": "Who owns the data product and is notified; usually an email address.",
      "type": "string", "minLength": 1, "maxLength": 1024,
      "examples": ["jane.doe@example.org"]
    },
    "dataProductOwnerDisplayName": {
      "description": "The owner's name, as people read it.",
      "type": "string", "minLength": 1, "maxLength": 1024,
      "examples": ["Jane Doe"]
    },
    "dataProductMaintainer": {
      "description": "Who else may approve requests for access.",
      "type": ["string", "null"], "maxLength": 1024,
      "examples": ["jonny.data@example.org"]
    },
    "dataProductMaintainerDisplayName": {
      "description": "The maintainer's name, as people read it.",
      "type": ["string", "null"], "maxLength": 1024,
      "examples": ["Jonny Data"]
    },
    "email": {
      "description": "Where to turn with questions.",
      "type": "string", "format": "email", "maxLength": 254,
      "examples": ["use-of-force@example.org"]
    },
    "status": {
      "description": "Where the data product is in its life.",
      "type": "string", "enum": ["draft", "published", "retired"],
      "examples": ["draft"]
    },
    "retentionPeriod": {
      "description": "For how many days the data is kept.",
      "type": "integer", "minimum": 0, "maximum": 2147483647,
      "examples": [3650]
    },
    "dpiaRequired": {
      "description": "Whether a data protection impact assessment is needed.",
      "type": "boolean",
      "examples": [true]
    },
    "tags": {
      "description": "Words to find the data product by, as pairs of a key and a value.",
      "type": "object", "maxProperties": 1000,
      "propertyNames": {"minLength": 1, "maxLength": 128},
      "additionalProperties": {"type": "string", "maxLength": 1024},
      "examples": [{"sandbox": "true"}]
    }
  },
  "examples": [
    {
      "name": "hmpps_use_of_force",
      "description": "Incidents in which force was used, and the statements of the staff involved.",
      "domain": "HMPPS",
      "dataProductOwner": "jane.doe@example.org",
      "dataProductOwnerDisplayName": "Jane Doe",
      "email": "use-of-force@example.org",
      "status": "draft",
      "retentionPeriod": 3650,
      "dpiaRequired": true,
      "tags": {"sandbox": "true"}
    }
  ]
}
$model$::jsonb), ('schema', $model$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Table schema",
  "description": "What a table of a data product is and which columns it has.",
  "type": "object",
  "additionalProperties": false,
  "required": ["tableDescription", "columns"],
  "properties": {
    "tableDescription": {
      "description": "What one row of the table stands for.",
      "type": "string", "maxLength": 65536,
      "examples": ["One row for each statement about an incident."]
    },
    "columns": {
      "description": "The table's columns, in their order; no two of one name.",
      "type": "array", "maxItems": 10000, "x-uniqueBy": "name",
      "items": {
        "title": "Column",
        "type": "object",
        "additionalProperties": false,
        "required": ["name", "type", "description"],
        "properties": {
          "name": {
            "description": "1 to 128 lower-case letters, digits and underscores.",
            "type": "string", "pattern": "^[a-z0-9_]{1,128}$",
            "examples": ["report_id"]
          },
          "type": {
            "description": "An Athena or Hive type; it is stored in canonical spelling.",
            "type": "string", "format": "column-type", "maxLength": 65536,
            "examples": ["bigint", "decimal(10,2)", "array<struct<at:timestamp,by:string>>"]
          },
          "description": {
            "description": "What the column holds; may be empty.",
            "type": "string", "maxLength": 65536,
            "examples": ["The report that the statement belongs to."]
          }
        }
      }
    }
  },
  "examples": [
    {
      "tableDescription": "One row for each statement about an incident.",
      "columns": [
        {"name": "id", "type": "bigint", "description": "Identifies the statement."},
        {"name": "submitted_at", "type": "timestamp", "description": "When it was handed in."}
      ]
    }
  ]
}
$model$::jsonb);

CREATE FUNCTION dpmeta.example_domain() RETURNS text
	LANGUAGE sql STABLE
	RETURN CASE WHEN 'HMPPS' OPERATOR(pg_catalog.=) ANY (dpmeta.domains())
		THEN 'HMPPS' ELSE (dpmeta.domains())[1] END;
COMMENT ON FUNCTION dpmeta.example_domain() IS
	'private: a domain to show in examples.';

CREATE FUNCTION dpmeta.refresh_models() RETURNS void
	LANGUAGE sql VOLATILE
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	UPDATE dpmeta.model
		SET schema = pg_catalog.jsonb_set(schema, '{properties,domain}',
			schema OPERATOR(pg_catalog.#>) '{properties,domain}'
				OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
					'enum', dpmeta.domains(),
					'examples', ARRAY[dpmeta.example_domain()]))
				OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('examples',
					pg_catalog.jsonb_set(schema OPERATOR(pg_catalog.->) 'examples',
						'{0,domain}', pg_catalog.to_jsonb(dpmeta.example_domain())))
		WHERE name OPERATOR(pg_catalog.=) 'data-product';
	INSERT INTO dpmeta.model AS m (name, schema)
		SELECT 'data-product-update',
			(((d.schema OPERATOR(pg_catalog.#-) '{properties,name}')
				OPERATOR(pg_catalog.#-) '{required,0}')
				OPERATOR(pg_catalog.#-) '{examples,0,name}')
				OPERATOR(pg_catalog.||) '{"title": "Data product update"}'
		FROM dpmeta.model d
		WHERE d.name OPERATOR(pg_catalog.=) 'data-product'
		ON CONFLICT (name) DO UPDATE SET schema = EXCLUDED.schema;
END;
COMMENT ON FUNCTION dpmeta.refresh_models() IS
	'private: puts the current domains into the models.';

CREATE FUNCTION dpmeta.domain_changed() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM dpmeta.refresh_models();
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION dpmeta.domain_changed() IS
	'private: keeps the models in step with dpmeta.domain, however that is changed.';

CREATE TRIGGER domain_changed
	AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON dpmeta.domain
	FOR EACH STATEMENT EXECUTE FUNCTION dpmeta.domain_changed();
-- also for a restore or a subscription, which switch ordinary triggers off
ALTER TABLE dpmeta.domain ENABLE ALWAYS TRIGGER domain_changed;

SELECT dpmeta.refresh_models();

CREATE FUNCTION dpmeta.set_domains(names text[]) RETURNS text[]
	LANGUAGE sql VOLATILE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	DELETE FROM dpmeta.domain
		WHERE NOT (name OPERATOR(pg_catalog.=) ANY (COALESCE(names, '{}')));
	INSERT INTO dpmeta.domain (name)
		SELECT DISTINCT n FROM pg_catalog.unnest(names) n
		ON CONFLICT (name) DO NOTHING;
	SELECT dpmeta.domains();
END;
COMMENT ON FUNCTION dpmeta.set_domains(text[]) IS
	'Replaces the domains that a data product may belong to; an empty array brings back those that are shipped. Registered products keep theirs.';

REVOKE ALL ON FUNCTION dpmeta.set_domains(text[]), dpmeta.refresh_models(), dpmeta.example_domain(), dpmeta.domain_changed() FROM PUBLIC;
REVOKE ALL ON TABLE dpmeta.model, dpmeta.domain FROM PUBLIC;
