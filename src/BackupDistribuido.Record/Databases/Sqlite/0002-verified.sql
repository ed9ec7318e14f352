ALTER TABLE replicas ADD COLUMN verified TEXT; -- what reading it again has found last, in its one line; null: that was never done
