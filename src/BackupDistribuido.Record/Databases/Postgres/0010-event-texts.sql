-- An event is its kind and its parts: its text is made for its reader. Texts are those that older versions wrote.
ALTER TABLE events ALTER COLUMN text DROP NOT NULL;
