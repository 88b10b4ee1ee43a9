-- Nobody has what is new, until a role is given it.

REVOKE ALL ON TABLE dpmeta.life FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION dpmeta.event_arrived(), dpmeta.life(), dpmeta.check_event_cursor(text[]),
	dpmeta.last_common_event(integer),
	dpmeta.follow_events(text, integer) FROM PUBLIC;
