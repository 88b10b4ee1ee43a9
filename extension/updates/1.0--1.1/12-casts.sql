-- A text, and so a tool's parameter, is taken where one of the types is wanted.

DROP CAST (text AS dpmeta.dpversion);
CREATE CAST (text AS dpmeta.dpversion) WITH INOUT AS IMPLICIT;
CREATE CAST (varchar AS dpmeta.dpversion) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (text AS dpmeta.dpversion) IS 'parsed text';
COMMENT ON CAST (varchar AS dpmeta.dpversion) IS 'parsed text';

DROP CAST (text AS dpmeta.dpid);
CREATE CAST (text AS dpmeta.dpid) WITH INOUT AS IMPLICIT;
CREATE CAST (varchar AS dpmeta.dpid) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (text AS dpmeta.dpid) IS 'parsed text';
COMMENT ON CAST (varchar AS dpmeta.dpid) IS 'parsed text';

DROP CAST (text AS dpmeta.column_type);
CREATE CAST (text AS dpmeta.column_type) WITH INOUT AS IMPLICIT;
CREATE CAST (varchar AS dpmeta.column_type) WITH INOUT AS IMPLICIT;
COMMENT ON CAST (text AS dpmeta.column_type) IS 'parsed text';
COMMENT ON CAST (varchar AS dpmeta.column_type) IS 'parsed text';
