ALTER TABLE replicas ADD COLUMN owner TEXT; -- the identity of the origin that the tree is of; null: not known
ALTER TABLE replicas ADD COLUMN arrived BIGINT; -- when it was published there, by that machine's clock, in milliseconds since 1970; null: not known
