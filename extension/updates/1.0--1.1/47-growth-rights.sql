-- Nobody has what is new, until a role is given it.

REVOKE ALL ON TABLE dpmeta.idempotency_stats, dpmeta.log_months FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION dpmeta.idempotency_retention() FROM PUBLIC;
