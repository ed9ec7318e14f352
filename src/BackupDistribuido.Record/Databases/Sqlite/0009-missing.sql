ALTER TABLE replicas ADD COLUMN missing INTEGER; -- entries that its destination's file system could not hold; null: it does not say
