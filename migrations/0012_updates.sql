-- Which version each machine that is there runs: narrow rows, so that a roll-out over all of them is counted at once.
CREATE TABLE update_fleet (
  machine_id uuid PRIMARY KEY REFERENCES machines (id) ON DELETE CASCADE,
  os_family text NOT NULL,
  version text NOT NULL,
  -- In lower case.
  tags text[] NOT NULL
);
CREATE INDEX update_fleet_version ON update_fleet (os_family, version, machine_id);

CREATE FUNCTION update_fleet_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.removed_at IS NOT NULL THEN
    DELETE FROM update_fleet WHERE machine_id = NEW.id;
  ELSE
    INSERT INTO update_fleet VALUES (NEW.id, NEW.os_family, NEW.agent_version,
      ARRAY(SELECT lower(tag) FROM unnest(NEW.tags) tag))
    ON CONFLICT (machine_id) DO UPDATE SET
      os_family = excluded.os_family, version = excluded.version, tags = excluded.tags;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER machines_fleet_added AFTER INSERT ON machines FOR EACH ROW EXECUTE FUNCTION update_fleet_follow();
CREATE TRIGGER machines_fleet_changed AFTER UPDATE ON machines FOR EACH ROW
  WHEN ((OLD.os_family, OLD.agent_version, OLD.tags, OLD.removed_at IS NULL) IS DISTINCT FROM
    (NEW.os_family, NEW.agent_version, NEW.tags, NEW.removed_at IS NULL))
  EXECUTE FUNCTION update_fleet_follow();
INSERT INTO update_fleet
  SELECT id, os_family, agent_version, ARRAY(SELECT lower(tag) FROM unnest(tags) tag)
  FROM machines WHERE removed_at IS NULL;

-- How far each release has come (U5).
CREATE TABLE update_rollouts (
  manifest_sha256 text PRIMARY KEY,
  version text NOT NULL,
  started_at timestamptz NOT NULL,
  -- The last ring that is open, from 0.
  ring integer NOT NULL,
  ring_opened_at timestamptz NOT NULL,
  -- Set when it stopped by itself: too many machines failed.
  stopped_at timestamptz,
  stopped_reason text NOT NULL DEFAULT '',
  -- Failures before this do not stop it again.
  counted_from timestamptz NOT NULL
);

-- What became of a release on each machine that it was offered to.
CREATE TABLE machine_updates (
  machine_id uuid NOT NULL REFERENCES machines (id) ON DELETE CASCADE,
  manifest_sha256 text NOT NULL REFERENCES update_rollouts (manifest_sha256) ON DELETE CASCADE,
  ring integer NOT NULL,
  state text NOT NULL CHECK (state IN ('offered', 'updated', 'rolled-back', 'refused', 'failed')),
  -- Offers since it was last asked to try again.
  attempts integer NOT NULL,
  from_version text NOT NULL,
  reason text NOT NULL DEFAULT '',
  offered_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (machine_id, manifest_sha256)
);
CREATE INDEX machine_updates_offered ON machine_updates (offered_at) WHERE state = 'offered';
CREATE INDEX machine_updates_failed ON machine_updates (manifest_sha256, ended_at DESC)
  WHERE state IN ('rolled-back', 'refused', 'failed');
CREATE INDEX machine_updates_ended ON machine_updates (manifest_sha256, ring, ended_at) WHERE state <> 'offered';
