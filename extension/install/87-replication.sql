/*
 * Logical replication.  An update has this very file.
 *
 * A subscriber needs what a dump carries, and so the one list of tables is that
 * which pg_extension_config_dump() made.  Not in it are dpmeta.model, which follows
 * dpmeta.domain, and dpmeta.life, by which a subscriber's log is its own.
 */
CREATE FUNCTION dpmeta.publish(publication name DEFAULT 'dpmeta') RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	tables		text := (
		SELECT string_agg(c.oid::regclass::text, ', ' ORDER BY c.relname)
		FROM pg_extension e
		JOIN pg_class c ON c.oid = ANY (e.extconfig)
		WHERE e.extname = 'dpmeta' AND c.relkind IN ('r', 'p') AND NOT c.relispartition);
BEGIN
	IF EXISTS (SELECT FROM pg_publication p WHERE p.pubname = publication) THEN
		EXECUTE format('ALTER PUBLICATION %I SET TABLE %s', publication, tables);
	ELSE
		EXECUTE format('CREATE PUBLICATION %I FOR TABLE %s WITH (publish_via_partition_root = true)',
					   publication, tables);
	END IF;
END
$$;
COMMENT ON FUNCTION dpmeta.publish(name) IS
	'makes a publication of all tables that a subscriber needs, or brings one up to date, as after ALTER EXTENSION dpmeta UPDATE; for superusers, as CREATE PUBLICATION is of tables that belong to one';

/*
 * What arrives fires triggers of rows alone.  Where a restore says that it is a
 * replica, this does once more what domain_changed did.
 */
CREATE TRIGGER domain_arrived
	AFTER INSERT OR UPDATE OR DELETE ON dpmeta.domain
	FOR EACH ROW EXECUTE FUNCTION dpmeta.domain_changed();
ALTER TABLE dpmeta.domain ENABLE REPLICA TRIGGER domain_arrived;

/*
 * Rows arrive with their numbers, and the sequences that made them stay where they
 * were.
 */
CREATE FUNCTION dpmeta.take_over() RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	subscription	name;
	counter			record;
	last			bigint;
BEGIN
	SELECT s.subname INTO subscription
	FROM pg_subscription s
	JOIN pg_subscription_rel r ON r.srsubid = s.oid
	JOIN pg_class c ON c.oid = r.srrelid AND c.relnamespace = 'dpmeta'::regnamespace
	WHERE s.subenabled
	LIMIT 1;
	IF FOUND THEN
		RAISE 'subscription "%" still brings rows', subscription
			USING ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'Rows written here would get numbers that the publisher also gives.',
				HINT = format('Stop writing to the publisher, and then run: ALTER SUBSCRIPTION %1$I DISABLE; ALTER SUBSCRIPTION %1$I SET (slot_name = NONE); DROP SUBSCRIPTION %1$I;', subscription);
	END IF;
	FOR counter IN
		SELECT a.attrelid::regclass AS of_table, a.attname AS of_column,
			pg_get_serial_sequence(a.attrelid::regclass::text, a.attname) AS sequence
		FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> ''
		WHERE c.relnamespace = 'dpmeta'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
	LOOP
		EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', counter.of_table);
		EXECUTE format('SELECT max(%I) FROM %s', counter.of_column, counter.of_table) INTO last;
		-- never backwards: numbers beyond may have been used and purged
		IF last >= nextval(counter.sequence) THEN
			PERFORM setval(counter.sequence, last);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION dpmeta.take_over() IS
	'makes a store that a subscription has filled ready to be written to: new rows get numbers behind those that arrived. Raises 55000 while the subscription is there';

REVOKE EXECUTE ON FUNCTION dpmeta.publish(name), dpmeta.take_over() FROM PUBLIC;
