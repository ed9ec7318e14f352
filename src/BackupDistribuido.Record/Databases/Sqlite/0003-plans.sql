ALTER TABLE destinations ADD COLUMN speed BIGINT; -- bytes a second that links to it have carried; null: not known
ALTER TABLE origins ADD COLUMN topology TEXT; -- the shape that it wants its plans to have; null: not known
