-- The record of a coordinator. Times are milliseconds since 1970 in UTC; snapshots and names are their texts.
CREATE TABLE origins (
    name      TEXT    NOT NULL PRIMARY KEY,
    required  INTEGER NOT NULL,
    protected TEXT,                            -- the newest snapshot that was stored so often
    seen      INTEGER NOT NULL
);

CREATE TABLE destinations (
    identity   TEXT    NOT NULL PRIMARY KEY,   -- the id in its root
    name       TEXT    NOT NULL,
    address    TEXT    NOT NULL,
    disk       TEXT    NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL
);

CREATE TABLE runs (
    run      TEXT    NOT NULL PRIMARY KEY,
    origin   TEXT    NOT NULL,
    snapshot TEXT    NOT NULL,
    required INTEGER NOT NULL,
    keep     INTEGER,
    begun    INTEGER NOT NULL,
    ended    INTEGER,                          -- this and what follows: once its end is known
    outcome  INTEGER,                          -- 0 protected, 1 at risk, 2 failed
    copies   INTEGER,
    entries  INTEGER,
    files    INTEGER,
    bytes    INTEGER,
    skipped  INTEGER,
    seconds  REAL,
    reason   TEXT
);
CREATE INDEX runs_by_time ON runs (begun);

CREATE TABLE epochs (
    run          TEXT    NOT NULL,
    epoch        INTEGER NOT NULL,
    topology     TEXT    NOT NULL,
    destinations TEXT    NOT NULL,             -- names, parted by spaces
    opened       INTEGER NOT NULL,
    PRIMARY KEY (run, epoch)
);

CREATE TABLE replicas (
    destination TEXT NOT NULL,                 -- its identity
    origin      TEXT NOT NULL,
    snapshot    TEXT NOT NULL,
    run         TEXT,                          -- null: the destination had it when it came
    digest      TEXT,
    entries     INTEGER,
    stored      INTEGER NOT NULL,
    gone        INTEGER,                       -- since when it is not there any more
    PRIMARY KEY (destination, origin, snapshot)
);
CREATE INDEX replicas_by_snapshot ON replicas (origin, snapshot);
CREATE INDEX replicas_by_run ON replicas (run);

CREATE TABLE events (
    id   INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    kind TEXT    NOT NULL,
    text TEXT    NOT NULL
);
CREATE INDEX events_by_time ON events (time);
