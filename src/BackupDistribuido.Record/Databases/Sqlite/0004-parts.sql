ALTER TABLE events ADD COLUMN parts TEXT; -- the event itself as JSON, so that a page tells it in its reader's language; null: only its line is known
