-- waiting for a position: on a primary there is nothing to wait for
SET search_path = dpmeta, public;
CALL wait_for_position('FFFFFFFF/FFFFFFFF');
CALL wait_for_position('0/0', timeout => 0);
CALL wait_for_position(pg_current_wal_insert_lsn(), 100);
CALL wait_for_position(NULL);
CALL wait_for_position('0/1', NULL);
CALL wait_for_position('0/1', -1);
CALL wait_for_position('0', 1);
-- a statement of its own, for it must not have a snapshot
BEGIN;
CALL wait_for_position('0/1');
ROLLBACK;
SET default_transaction_isolation = 'repeatable read';
CALL wait_for_position('0/1');
RESET default_transaction_isolation;
CREATE FUNCTION public.waits() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CALL dpmeta.wait_for_position('0/1'); END $$;
SELECT public.waits();
DROP FUNCTION public.waits();
DO $$ BEGIN CALL dpmeta.wait_for_position('0/1'); RAISE NOTICE 'waited'; END $$;
DO $$ BEGIN CALL dpmeta.wait_for_position('0/1'); PERFORM 1; COMMIT; CALL dpmeta.wait_for_position('0/1'); RAISE NOTICE 'waited twice'; END $$;
DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 LOOP CALL dpmeta.wait_for_position('0/1'); END LOOP; END $$;
