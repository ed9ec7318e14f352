-- The record of a coordinator, as in Sqlite/0001-record.sql. Texts are compared by their bytes, whatever the database's language is.
CREATE TABLE origins (
    name      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    required  BIGINT NOT NULL,
    protected TEXT COLLATE "C",
    seen      BIGINT NOT NULL
);

CREATE TABLE destinations (
    identity   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    address    TEXT   NOT NULL,
    disk       TEXT   NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen  BIGINT NOT NULL
);

CREATE TABLE runs (
    run      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    origin   TEXT COLLATE "C" NOT NULL,
    snapshot TEXT COLLATE "C" NOT NULL,
    required BIGINT NOT NULL,
    keep     BIGINT,
    begun    BIGINT NOT NULL,
    ended    BIGINT,
    outcome  BIGINT,
    copies   BIGINT,
    entries  BIGINT,
    files    BIGINT,
    bytes    BIGINT,
    skipped  BIGINT,
    seconds  DOUBLE PRECISION,
    reason   TEXT
);
CREATE INDEX runs_by_time ON runs (begun);

CREATE TABLE epochs (
    run          TEXT COLLATE "C" NOT NULL,
    epoch        BIGINT NOT NULL,
    topology     TEXT   NOT NULL,
    destinations TEXT   NOT NULL,
    opened       BIGINT NOT NULL,
    PRIMARY KEY (run, epoch)
);

CREATE TABLE replicas (
    destination TEXT COLLATE "C" NOT NULL,
    origin      TEXT COLLATE "C" NOT NULL,
    snapshot    TEXT COLLATE "C" NOT NULL,
    run         TEXT COLLATE "C",
    digest      TEXT,
    entries     BIGINT,
    stored      BIGINT NOT NULL,
    gone        BIGINT,
    PRIMARY KEY (destination, origin, snapshot)
);
CREATE INDEX replicas_by_snapshot ON replicas (origin, snapshot);
CREATE INDEX replicas_by_run ON replicas (run);

CREATE TABLE events (
    id   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    time BIGINT NOT NULL,
    kind TEXT   NOT NULL,
    text TEXT   NOT NULL
);
CREATE INDEX events_by_time ON events (time);
