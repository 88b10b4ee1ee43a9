REVOKE ALL ON dpmeta.stats_kept FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION dpmeta.count_stats(), dpmeta.stats_are_true(timestamptz, pg_snapshot),
	dpmeta.renew_stats() FROM PUBLIC;
