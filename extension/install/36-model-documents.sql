-- The documents of the models.  An update puts them in the place of those of the
-- release before.  What is "readOnly" may be sent back as it was read, which
-- rules/read_only.c compares.

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
    },
    "id": {"description": "The permanent name of the version that was read.", "readOnly": true},
    "version": {"description": "The version that was read.", "readOnly": true},
    "creationDate": {"description": "When the data product was registered.", "readOnly": true},
    "lastUpdated": {"description": "When its data was last loaded.", "readOnly": true},
    "dpiaLocation": {"description": "Where the data protection impact assessment is.", "readOnly": true},
    "s3Location": {"description": "Where the data is.", "readOnly": true},
    "rowCount": {"description": "How many rows there are.", "readOnly": true},
    "schemas": {"description": "The tables of the version that was read.", "readOnly": true}
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
          },
          "required": {
            "description": "Whether every row has a value.",
            "type": "boolean",
            "examples": [true]
          },
          "primaryKey": {
            "description": "Whether the column is part of the key by which a row is told from all others.",
            "type": "boolean",
            "examples": [false]
          },
          "partition": {
            "description": "Whether the data is stored apart by the values of the column.",
            "type": "boolean",
            "examples": [false]
          },
          "tags": {
              "description": "Words to find the column by, as pairs of a key and a value.",
              "type": "object", "maxProperties": 1000,
              "propertyNames": {"minLength": 1, "maxLength": 128},
              "additionalProperties": {"type": "string", "maxLength": 1024},
              "examples": [{"pii": "true"}]
            },
          "renamedFrom": {
            "description": "The name of the column in the version written to, if it had another there. It is said in the write only, and not kept.",
            "type": "string", "pattern": "^[a-z0-9_]{1,128}$", "writeOnly": true,
            "examples": ["report"]
          }
        }
      }
    },
    "tags": {
      "description": "Words to find the table by, as pairs of a key and a value.",
      "type": "object", "maxProperties": 1000,
      "propertyNames": {"minLength": 1, "maxLength": 128},
      "additionalProperties": {"type": "string", "maxLength": 1024},
      "examples": [{"layer": "raw"}]
    },
    "id": {"description": "The permanent name of the table in the version that was read.", "readOnly": true},
    "dataProduct": {"description": "The version of the data product that it was read from.", "readOnly": true},
    "affectedConsumers": {"description": "Who reads what a write broke. Only the answer to that write says it. When it is sent back, it is ignored.", "readOnly": true}
  },
  "examples": [
    {
      "tableDescription": "One row for each statement about an incident.",
      "columns": [
        {"name": "id", "type": "bigint", "description": "Identifies the statement.", "required": true, "primaryKey": true},
        {"name": "submitted_at", "type": "timestamp", "description": "When it was handed in."}
      ]
    }
  ]
}
$model$::jsonb), ('consumer', $model$
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Consumer",
  "description": "Who reads a data product, and what of it.",
  "type": "object",
  "additionalProperties": false,
  "required": ["contact", "version"],
  "properties": {
    "contact": {
      "description": "Whom to tell of a change that breaks what is read; usually an email address.",
      "type": "string", "minLength": 1, "maxLength": 1024,
      "examples": ["finance-data@example.org"]
    },
    "version": {
      "description": "The major that is read, such as v1, or one version of it, such as v1.0. It must be live.",
      "type": "string", "pattern": "^v[1-9][0-9]{0,9}([.](0|[1-9][0-9]{0,9}))?$",
      "examples": ["v1"]
    },
    "tables": {
      "description": "The tables that are read; without it, all.",
      "type": ["array", "null"], "minItems": 1, "maxItems": 10000, "uniqueItems": true,
      "items": {"type": "string"},
      "examples": [["statements"]]
    },
    "name": {"description": "The name of the consumer.", "readOnly": true},
    "dataProduct": {"description": "The name of the data product.", "readOnly": true},
    "registered": {"description": "When it was registered.", "readOnly": true},
    "changed": {"description": "When it was written last.", "readOnly": true},
    "registeredBy": {"description": "Who wrote it last.", "readOnly": true}
  },
  "examples": [{"contact": "finance-data@example.org", "version": "v1", "tables": ["statements"]}]
}
$model$::jsonb)
	ON CONFLICT (name) DO UPDATE SET schema = EXCLUDED.schema;

/*
 * The update's model is the registration's, so that neither can drift from the
 * other.  Only the name is not to be given: it may be sent back as it was read.
 * A contract's is made of those of a product and of a table.
 */
CREATE OR REPLACE FUNCTION dpmeta.refresh_models() RETURNS void
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
			(pg_catalog.jsonb_set(d.schema, '{properties,name}',
					'{"description": "The name, which never changes.", "readOnly": true}')
				OPERATOR(pg_catalog.#-) '{required,0}'
				OPERATOR(pg_catalog.#-) '{examples,0,name}')
				OPERATOR(pg_catalog.||) '{"title": "Data product update"}'
		FROM dpmeta.model d
		WHERE d.name OPERATOR(pg_catalog.=) 'data-product'
		ON CONFLICT (name) DO UPDATE SET schema = EXCLUDED.schema;
	INSERT INTO dpmeta.model AS m (name, schema)
		SELECT 'contract', d.schema OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
			'title', 'Contract',
			'description', 'A data product with all of its tables, in one document.',
			'required', (d.schema OPERATOR(pg_catalog.->) 'required')
				OPERATOR(pg_catalog.-) 'name'::text OPERATOR(pg_catalog.||) '["tables"]'::jsonb,
			'properties', (d.schema OPERATOR(pg_catalog.->) 'properties')
				OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object(
					'keptTables', '{"description": "The tables that a write kept because its document did not have them. Only the answer to a write says it. When it is sent back, it is ignored.", "readOnly": true}'::jsonb,
					'warnings', '{"description": "What a contract in the Open Data Contract Standard had that has no counterpart here. Only the answer to that write says it. When it is sent back, it is ignored.", "readOnly": true}'::jsonb,
					'affectedConsumers', s.schema OPERATOR(pg_catalog.#>) '{properties,affectedConsumers}',
					'tables', pg_catalog.jsonb_build_object(
						'description', 'The tables; no two of one name.',
						'type', 'array', 'maxItems', 10000, 'x-uniqueBy', 'name',
						'items', pg_catalog.jsonb_build_object(
							'title', 'Table', 'type', 'object', 'additionalProperties', false,
							'required', '["name"]'::jsonb
								OPERATOR(pg_catalog.||) (s.schema OPERATOR(pg_catalog.->) 'required'),
							'properties', (s.schema OPERATOR(pg_catalog.->) 'properties')
								OPERATOR(pg_catalog.-) '{id,dataProduct,affectedConsumers}'::text[]
								OPERATOR(pg_catalog.||) '{"name": {
									"description": "1 to 128 lower-case letters, digits and underscores, but not v and digits only.",
									"type": "string", "pattern": "^(?!v[0-9]+$)[a-z0-9_]{1,128}$",
									"examples": ["statements"]}}'::jsonb))),
			'examples', pg_catalog.jsonb_build_array(
				(d.schema OPERATOR(pg_catalog.#>) '{examples,0}')
				OPERATOR(pg_catalog.||) pg_catalog.jsonb_build_object('tables', pg_catalog.jsonb_build_array(
					'{"name": "statements"}'::jsonb
					OPERATOR(pg_catalog.||) (s.schema OPERATOR(pg_catalog.#>) '{examples,0}')))))
		FROM dpmeta.model d
		CROSS JOIN dpmeta.model s
		WHERE d.name OPERATOR(pg_catalog.=) 'data-product'
			AND s.name OPERATOR(pg_catalog.=) 'schema'
		ON CONFLICT (name) DO UPDATE SET schema = EXCLUDED.schema;
END;
COMMENT ON FUNCTION dpmeta.refresh_models() IS
	'private: puts the current domains into the models.';

COMMENT ON FUNCTION dpmeta.model(text) IS
	'The JSON Schema model of that name: data-product, data-product-update, schema, contract or consumer.';

REVOKE ALL ON FUNCTION dpmeta.refresh_models() FROM PUBLIC;

SELECT dpmeta.refresh_models();
