ALTER TABLE runs ADD COLUMN is_first INTEGER; -- 1 where nobody knew of a snapshot before
ALTER TABLE runs ADD COLUMN bytes_read INTEGER; -- at its origin; null: that had no part in it
ALTER TABLE runs ADD COLUMN since TEXT; -- the snapshot that its tree was compared with; null: none is known
ALTER TABLE runs ADD COLUMN files_new INTEGER;
ALTER TABLE runs ADD COLUMN files_changed INTEGER;
ALTER TABLE runs ADD COLUMN files_metadata INTEGER;
ALTER TABLE runs ADD COLUMN files_unchanged INTEGER;
ALTER TABLE runs ADD COLUMN files_removed INTEGER;
ALTER TABLE runs ADD COLUMN bytes_sent INTEGER; -- to all destinations; null: what it took is not known
ALTER TABLE runs ADD COLUMN files_received INTEGER; -- at all destinations; null: they do not say
ALTER TABLE runs ADD COLUMN bytes_received INTEGER;
ALTER TABLE runs ADD COLUMN files_linked INTEGER;
ALTER TABLE runs ADD COLUMN bytes_linked INTEGER;
ALTER TABLE runs ADD COLUMN linked_read INTEGER; -- when the linked files were last read, at the earliest; null: that is not known
