/*
 * Last of all: what the extension is made of now, for check().  An update has this
 * very file.
 */
DELETE FROM dpmeta.installed;
INSERT INTO dpmeta.installed (kind, name, state, digest)
	SELECT c.kind, c.name, c.state, pg_catalog.md5(c.definition)
	FROM dpmeta.catalogue() c;
