-- How an origin's last run ended, catching up left out.
ALTER TABLE origins ADD COLUMN last_time BIGINT; -- when it was over; where that is not known, when it began
ALTER TABLE origins ADD COLUMN last_outcome BIGINT; -- 0 protected, 1 at risk, 2 failed, 3 not known, 4 refused; null: there was none
ALTER TABLE origins ADD COLUMN last_snapshot TEXT COLLATE "C";
ALTER TABLE origins ADD COLUMN last_copies BIGINT;
ALTER TABLE origins ADD COLUMN last_required BIGINT;
ALTER TABLE origins ADD COLUMN last_reason TEXT;
-- Of the runs so far: catching up brings a snapshot that another run has brought before.
UPDATE origins SET (last_time, last_outcome, last_snapshot, last_copies, last_required, last_reason) =
    (SELECT COALESCE(ended, begun), COALESCE(outcome, 3), snapshot, COALESCE(copies, 0), required, COALESCE(reason, '') FROM runs
     WHERE runs.origin = origins.name
       AND NOT EXISTS (SELECT 1 FROM runs earlier WHERE earlier.origin = runs.origin AND earlier.snapshot = runs.snapshot AND earlier.begun < runs.begun)
     ORDER BY begun DESC LIMIT 1);
