-- drift: how what is registered differs from live tables, asked by a reader
SET client_min_messages = warning;
CREATE ROLE dpmeta_test_drifter;
SELECT dpmeta.grant_reader('dpmeta_test_drifter');
CREATE SCHEMA drift_live;
GRANT USAGE ON SCHEMA drift_live TO dpmeta_test_drifter;
CREATE TABLE drift_live.orders (id integer PRIMARY KEY, price numeric(10,2) NOT NULL, buyer text, "Sent At" date);
COMMENT ON TABLE drift_live.orders IS 'All orders';
COMMENT ON COLUMN drift_live.orders.buyer IS 'who pays';
CREATE VIEW drift_live.big AS SELECT id FROM drift_live.orders WHERE price > 100;
CREATE SEQUENCE drift_live.numbers;
GRANT SELECT ON drift_live.orders, drift_live.big TO dpmeta_test_drifter;
SELECT id FROM dpmeta.register_catalog_schema('drift_live', '{"domain": "HQ", "dataProductOwner": "o@example.org",
	"dataProductOwnerDisplayName": "O", "email": "o@example.org", "retentionPeriod": 1, "dpiaRequired": false}', fold_names => true);
-- nothing differs
SET ROLE dpmeta_test_drifter;
SELECT * FROM dpmeta.drift('drift_live');
SELECT * FROM dpmeta.drift('dp:drift_live:orders', 'drift_live.orders');
RESET ROLE;
-- everything that can
DROP VIEW drift_live.big;
ALTER TABLE drift_live.orders ALTER price TYPE bigint, ALTER price DROP NOT NULL, DROP CONSTRAINT orders_pkey,
	ALTER id DROP NOT NULL, DROP COLUMN "Sent At", ADD COLUMN "Paid" boolean NOT NULL;
COMMENT ON TABLE drift_live.orders IS 'Some orders';
COMMENT ON COLUMN drift_live.orders.buyer IS NULL;
COMMENT ON COLUMN drift_live.orders.id IS 'number';
CREATE FOREIGN DATA WRAPPER drift_wrapper;
CREATE SERVER drift_server FOREIGN DATA WRAPPER drift_wrapper;
CREATE FOREIGN TABLE drift_live.far (id integer) SERVER drift_server;
CREATE TABLE drift_live.days (id integer, day date) PARTITION BY RANGE (day);
GRANT SELECT ON drift_live.far, drift_live.days TO dpmeta_test_drifter;
SET ROLE dpmeta_test_drifter;
SELECT * FROM dpmeta.drift('drift_live');
SELECT * FROM dpmeta.schema_drift('drift_live', only_tables => '{far,big}');
SELECT * FROM dpmeta.schema_drift('drift_live', except_tables => '{days,far,orders.id,big,orders.price}', names => '{"orders.Paid": "paid_up"}');
-- one table, under another name, and a version that was before
SELECT * FROM dpmeta.drift('dp:drift_live:v1.0:orders', 'drift_live.far');
-- what cannot be compared
\set SHOW_CONTEXT never
SELECT * FROM dpmeta.drift('dp:drift_live:nothing', 'drift_live.orders');
SELECT * FROM dpmeta.drift('dp:drift_live', 'drift_live.orders');
SELECT * FROM dpmeta.schema_drift('drift_live', 'drift_none');
RESET ROLE;
SELECT * FROM dpmeta.drift('dp:drift_live:orders', 'drift_live.numbers');
REVOKE SELECT ON drift_live.days, drift_live.orders FROM dpmeta_test_drifter;
GRANT SELECT (id) ON drift_live.orders TO dpmeta_test_drifter;
SET ROLE dpmeta_test_drifter;
SELECT * FROM dpmeta.drift('drift_live');
SELECT * FROM dpmeta.drift('dp:drift_live:orders', 'drift_live.orders');
RESET ROLE;
DROP SCHEMA drift_live CASCADE;
DROP SERVER drift_server;
DROP FOREIGN DATA WRAPPER drift_wrapper;
SELECT dpmeta.purge_data_product('drift_live');
SELECT dpmeta.revoke_reader('dpmeta_test_drifter');
DROP ROLE dpmeta_test_drifter;
