-- A purge asks the foreign key of each revision, and removes a product's answers.

CREATE INDEX table_range_schema_idx ON dpmeta.table_range (table_schema_id);
CREATE INDEX idempotency_key_product_idx ON dpmeta.idempotency_key (product_id);
