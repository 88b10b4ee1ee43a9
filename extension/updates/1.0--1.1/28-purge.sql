-- A purge asks the foreign key of each revision.

CREATE INDEX table_range_schema_idx ON dpmeta.table_range (table_schema_id);
