-- the last test of all: what the others wrote and left keeps the invariants, but
-- for what one of them wrote by hand
BEGIN;
SELECT dpmeta.purge_data_product(p.name) FROM dpmeta.product p WHERE p.name = 'versioning' \g /dev/null
SELECT name, violations, example FROM dpmeta.check() WHERE violations > 0;
ROLLBACK;
