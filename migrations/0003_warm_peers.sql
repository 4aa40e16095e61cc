-- A peer that was made before anybody clicked Join: it shows nothing until its page joins, whatever the
-- participant may do.
ALTER TABLE peers ADD COLUMN warm boolean NOT NULL DEFAULT false;
