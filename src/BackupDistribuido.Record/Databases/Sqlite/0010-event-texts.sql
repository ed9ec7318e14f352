-- An event is its kind and its parts: its text is made for its reader. Texts are those that older versions wrote.
CREATE TABLE told (
    id    INTEGER PRIMARY KEY,
    time  INTEGER NOT NULL,
    kind  TEXT    NOT NULL,
    text  TEXT,                                -- its line in English; null: its parts say all
    parts TEXT                                 -- the event itself as JSON; null: only its line is known
);
INSERT INTO told (id, time, kind, text, parts) SELECT id, time, kind, text, parts FROM events;
DROP TABLE events;
ALTER TABLE told RENAME TO events;
CREATE INDEX events_by_time ON events (time);
