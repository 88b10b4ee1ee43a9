-- Events get the transaction that they came by.

COMMENT ON COLUMN dpmeta.event.transaction_id IS 'the transaction that brought the event into this database, be it by a restore';

-- What a restore brought of another cluster's numbers that are still to come here.
UPDATE dpmeta.event SET transaction_id = DEFAULT
	WHERE transaction_id >= pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot());

COMMENT ON COLUMN dpmeta.event.action IS
	'register, update, patch, sync, put-contract, prune-contract, register-schema, update-schema, patch-schema, delete-schema, delete, restore, report, set-sunset, put-consumer, delete-consumer, purge';
