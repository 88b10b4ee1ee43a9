/* The times during which a version was its product's newest live one. */
CREATE VIEW dpmeta.validity AS
	SELECT s.product_id, s.current AS version, s.valid_from, n.valid_from AS valid_until
	FROM dpmeta.product_state s
	LEFT JOIN LATERAL (
		SELECT n.valid_from
		FROM dpmeta.product_state n
		WHERE n.product_id = s.product_id AND n.valid_from > s.valid_from AND n.is_new
		ORDER BY n.valid_from LIMIT 1
	) n ON true
	WHERE s.is_new AND s.current IS NOT NULL;

COMMENT ON VIEW dpmeta.validity IS 'private: one row for each time during which a version was the newest live one';
COMMENT ON COLUMN dpmeta.validity.product_id IS 'data product';
COMMENT ON COLUMN dpmeta.validity.version IS 'version';
COMMENT ON COLUMN dpmeta.validity.valid_from IS 'when it became the newest live one';
COMMENT ON COLUMN dpmeta.validity.valid_until IS 'when it ceased to be; NULL while it is';
