-- What the models allow is stored: an owner may be longer than a btree takes.

DROP INDEX dpmeta.product_owner_idx;
CREATE INDEX product_owner_idx ON dpmeta.product USING hash (owner);

COMMENT ON COLUMN dpmeta.product.search IS
	'what q searches, of very long texts the first 37,500 characters; with domain, status, owner and tags a copy of the current version''s, for indexes';
