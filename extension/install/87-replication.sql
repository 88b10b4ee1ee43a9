/*
 * Logical replication.  An update has this very file.
 *
 * A subscriber needs what a dump carries, and so the one list of tables is that
 * which pg_extension_config_dump() made.  Not in it are dpmeta.model, which follows
 * dpmeta.domain, and dpmeta.life, by which a subscriber's log is its own.  The library refuses writes on a
 * subscriber until take_over() (rules/writable.c).
 */
CREATE FUNCTION dpmeta.publish(publication name DEFAULT 'dpmeta') RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	tables		regclass[] := ARRAY(
		SELECT c.oid
		FROM pg_extension e
		JOIN pg_class c ON c.oid = ANY (e.extconfig)
		WHERE e.extname = 'dpmeta' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		ORDER BY c.relname);
	there		pg_publication;
	missing		text;
	reason		text;
BEGIN
	SELECT * INTO there FROM pg_publication p WHERE p.pubname = publication;
	IF NOT FOUND THEN
		EXECUTE format('CREATE PUBLICATION %I FOR TABLE %s', publication, array_to_string(tables, ', '));
		RETURN;
	END IF;
	reason := CASE
		WHEN there.puballtables THEN 'It is FOR ALL TABLES, and so has dpmeta.model and dpmeta.life too, which a subscriber has of its own.'
		WHEN EXISTS (SELECT FROM pg_publication_namespace n
					 WHERE n.pnpubid = there.oid AND n.pnnspid = 'dpmeta'::regnamespace)
			THEN 'It has all of the schema dpmeta, and so dpmeta.model and dpmeta.life too, which a subscriber has of its own.'
		WHEN EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = there.oid
						AND r.prrelid IN ('dpmeta.model'::regclass, 'dpmeta.life'::regclass))
			THEN 'It has dpmeta.model or dpmeta.life, which a subscriber has of its own.'
		WHEN NOT (there.pubinsert AND there.pubupdate AND there.pubdelete AND there.pubtruncate)
			THEN 'It does not publish every kind of change.'
		WHEN EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = there.oid
						AND r.prrelid = ANY (tables) AND (r.prqual IS NOT NULL OR r.prattrs IS NOT NULL))
			THEN 'It has some rows or some columns only of a table of dpmeta.'
		WHEN NOT EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = there.oid AND r.prrelid = ANY (tables))
			AND (EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = there.oid)
				 OR EXISTS (SELECT FROM pg_publication_namespace n WHERE n.pnpubid = there.oid))
			THEN 'It has tables, and none of them is of dpmeta.'
		END;
	IF reason IS NOT NULL THEN
		RAISE 'publication "%" is not one for the store', publication
			USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = reason,
				HINT = 'Give a name that is free: SELECT dpmeta.publish(''dpmeta_store''); a subscription may have several publications.';
	END IF;
	SELECT string_agg(t.name::text, ', ') INTO missing
	FROM unnest(tables) t(name)
	WHERE NOT EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = there.oid AND r.prrelid = t.name);
	IF missing IS NOT NULL THEN
		EXECUTE format('ALTER PUBLICATION %I ADD TABLE %s', publication, missing);
	END IF;
END
$$;
COMMENT ON FUNCTION dpmeta.publish(name) IS
	'makes a publication of all tables that a subscriber needs, or adds those that one of dpmeta''s lacks, as after ALTER EXTENSION dpmeta UPDATE; takes nothing away. Raises 55000 for a publication that is not for this. For superusers, as CREATE PUBLICATION is of tables that belong to one';

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
	LIMIT 1;
	IF FOUND THEN
		RAISE 'subscription "%" is still there', subscription
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
