ALTER TABLE replicas ADD COLUMN missing BIGINT; -- entries that its destination's file system could not hold; null: it does not say
