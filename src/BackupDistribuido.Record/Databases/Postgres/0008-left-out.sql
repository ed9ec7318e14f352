-- What an origin's last run left out.
ALTER TABLE origins ADD COLUMN last_skipped BIGINT NOT NULL DEFAULT 0; -- entries of the tree that are not in its snapshot
ALTER TABLE origins ADD COLUMN last_missing BIGINT NOT NULL DEFAULT 0; -- entries of the snapshot that one of its copies lacks
UPDATE origins SET last_skipped = COALESCE((SELECT MAX(skipped) FROM runs WHERE runs.origin = origins.name AND runs.snapshot = origins.last_snapshot), 0);
