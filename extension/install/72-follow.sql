/*
 * Following the log.
 */
/*
 * Where a follower goes on that read events of one timeline which a failover lost:
 * the next one began behind the last event that it left to this one.  It is
 * NULL if that is none.
 */
CREATE FUNCTION dpmeta.last_common_event(lost_on integer, OUT next text, OUT said text)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
BEGIN ATOMIC
	SELECT pg_catalog.concat_ws(':', dpmeta.life(), e.transaction_id, e.event_id,
			(EXTRACT(epoch FROM e.occurred_at) * 1000000)::bigint, e.product_id, e.timeline),
		pg_catalog.format('%s of "%s" at %s', e.action, p.name,
			dpmeta.rfc3339(e.occurred_at))
	FROM dpmeta.event e
	JOIN dpmeta.product p ON p.product_id = e.product_id
	WHERE coalesce(e.timeline, 0) <= lost_on
	ORDER BY e.transaction_id DESC, e.event_id DESC
	LIMIT 1;
END;
COMMENT ON FUNCTION dpmeta.last_common_event(integer) IS
	'private: the last event of this store that one of a timeline which it left can have, too';

/*
 * A cursor names the life of the store and its last event: transaction, number,
 * time, product and timeline.  The event must be there still, or others may be missing,
 * too; unless it went with its product, or a DBA removed it and none behind it.
 */
CREATE FUNCTION dpmeta.check_event_cursor(cursor text[]) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	xid			CONSTANT xid8 := cursor[2]::xid8;
	number		CONSTANT bigint := cursor[3]::bigint;
	common		record;
BEGIN
	IF cursor[1] <> dpmeta.life() THEN
		RAISE 'the cursor is from another copy of the store'
			USING ERRCODE = 'MD016',
				DETAIL = 'Since then this store was restored from a dump, or copied, so its events are in another order.',
				HINT = 'Begin at the first event, with null. An event that you read before has the same data_product and occurred_at.';
	END IF;
	IF EXISTS (SELECT FROM dpmeta.log_cut c
			   WHERE c.life = cursor[1] AND (c.transaction_id, c.event_id) > (xid, number)) THEN
		RAISE 'events behind the last one of the cursor were removed from the log'
			USING ERRCODE = 'MD016',
				DETAIL = pg_catalog.format('A DBA cut the log. It has all events since %s. Of the earlier ones it has only those that made, deleted or restored a version.',
					dpmeta.rfc3339(dpmeta.log_kept_since())),
				HINT = 'Begin at the first event, with null. An event that you read before has the same data_product and occurred_at.';
	END IF;
	IF NOT EXISTS (
		SELECT FROM dpmeta.event e
		WHERE e.event_id = number
			AND e.transaction_id = xid
			AND e.product_id = cursor[5]::bigint
			AND (EXTRACT(epoch FROM e.occurred_at) * 1000000)::bigint = cursor[4]::bigint)
		AND NOT EXISTS (
		SELECT FROM dpmeta.event e
		WHERE e.product_id = cursor[5]::bigint
			AND e.action = 'purge'
			AND e.event_id > number)
		AND NOT EXISTS (
		SELECT FROM dpmeta.log_cut c
		WHERE c.life = cursor[1] AND c.transaction_id = xid AND c.event_id = number)
	THEN
		SELECT c.next, c.said INTO common FROM dpmeta.last_common_event(cursor[6]::integer) c;
		RAISE 'the last event of the cursor is not in the log'
			USING ERRCODE = 'MD016',
				DETAIL = pg_catalog.concat('A failover lost it, or the store was restored to an earlier time.',
					' The last event that both have is: ' || common.said || '; its next is ' || common.next || '.'),
				HINT = CASE WHEN common.next IS NULL THEN 'Begin at the first event, with null.'
					ELSE 'If you have read that event, drop what you read behind it, and go on from its next. If not, begin at the first event, with null.' END
					|| ' An event that you read before has the same data_product and occurred_at. If you do not find it, it was lost.';
	END IF;
END
$$;
COMMENT ON FUNCTION dpmeta.check_event_cursor(text[]) IS
	'private: raises MD016 unless a follower can go on from the cursor';

/*
 * Below the oldest transaction that still runs nothing can appear later.  But for
 * our own there can be none of one that comes after this snapshot: such an event came
 * in with the triggers switched off.
 */
CREATE FUNCTION dpmeta.follow_events(after text DEFAULT NULL, page_size integer DEFAULT 1000)
	RETURNS TABLE (next text, event_id bigint, occurred_at timestamptz, data_product text,
		action text, table_name text, kind text, from_version dpmeta.dpversion,
		to_version dpmeta.dpversion, actor text, session_role text, changes jsonb)
	LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER COST 10000 ROWS 1000
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	cursor		text[] := pg_catalog.regexp_match(after,
		'^([0-9a-f]{16}):([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,18})(?::([0-9]{1,9}))?$');
	life		CONSTANT text := dpmeta.life();
	snapshot	CONSTANT pg_snapshot := pg_catalog.pg_current_snapshot();
BEGIN
	IF after IS NOT NULL AND cursor IS NULL THEN
		RAISE 'invalid value for parameter "after": "%"', pg_catalog.left(after, 100)
			USING ERRCODE = 'MD010', DETAIL = 'The parameter does not take this value.',
				HINT = 'Give the "next" of the last event that you read, or null to begin at the first.';
	END IF;
	IF page_size IS NULL OR page_size NOT BETWEEN 1 AND 10000 THEN
		RAISE 'invalid value for parameter "page_size": "%"', page_size
			USING ERRCODE = 'MD010', DETAIL = 'The parameter does not take this value.',
				HINT = 'A page has 1 to 10000 events.';
	END IF;
	IF after IS NOT NULL THEN
		PERFORM dpmeta.check_event_cursor(cursor);
	END IF;
	IF EXISTS (SELECT FROM dpmeta.event e
			   WHERE e.transaction_id >= pg_catalog.pg_snapshot_xmax(snapshot)
				AND e.transaction_id IS DISTINCT FROM pg_catalog.pg_current_xact_id_if_assigned()) THEN
		RAISE 'the log has events of transactions that are still to come'
			USING ERRCODE = 'object_not_in_prerequisite_state',
				DETAIL = 'They were loaded with triggers switched off. Followers would miss what is written next.',
				HINT = 'Have a DBA run: ALTER TABLE dpmeta.event ENABLE ALWAYS TRIGGER event_arrived; UPDATE dpmeta.event SET transaction_id = DEFAULT WHERE transaction_id >= pg_snapshot_xmax(pg_current_snapshot());';
	END IF;
	RETURN QUERY
	SELECT pg_catalog.concat_ws(':', life, e.transaction_id, e.event_id,
			(EXTRACT(epoch FROM e.occurred_at) * 1000000)::bigint, e.product_id, e.timeline),
		e.event_id, e.occurred_at, p.name, e.action, e.table_name, e.kind,
		e.from_version, e.to_version, e.actor, e.session_role, e.changes
	FROM (
		SELECT *
		FROM dpmeta.event e
		WHERE (e.transaction_id, e.event_id)
				> (coalesce(cursor[2], '0')::xid8, coalesce(cursor[3], '0')::bigint)
			AND e.transaction_id < pg_catalog.pg_snapshot_xmin(snapshot)
		ORDER BY e.transaction_id, e.event_id
		LIMIT page_size
	) e
	JOIN dpmeta.product p ON p.product_id = e.product_id
	ORDER BY e.transaction_id, e.event_id;
END
$$;
COMMENT ON FUNCTION dpmeta.follow_events(text, integer) IS
	'the log, for followers: the events that come after "after", which is the "next" of the last event that was read, or null to begin. Each event comes once, and none appears later among those that were read. At most page_size of them, 1 to 10000. Raises MD016 when that event is not in this store''s log, because it was restored, copied or brought back to an earlier time (the error then names the last event that both have), or when a DBA removed events behind it; MD010 for a parameter that is malformed';
