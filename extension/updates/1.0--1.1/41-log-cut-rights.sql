-- Nobody has what is new, until a role is given it.

REVOKE ALL ON TABLE dpmeta.log_cut FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION dpmeta.log_kept_since(), dpmeta.cut_log(timestamptz) FROM PUBLIC;
