-- What machines are told to do (U6, U7).
CREATE TABLE machine_commands (
  id uuid PRIMARY KEY,
  machine_id uuid NOT NULL REFERENCES machines (id) ON DELETE CASCADE,
  kind text NOT NULL
    CHECK (kind IN ('normal', 'emergency', 'safe', 'safe-network', 'safe-command', 'return-to-normal')),
  status text NOT NULL
    CHECK (status IN ('waiting', 'sent', 'accepted', 'refused', 'failed', 'expired', 'cancelled')),
  reason text NOT NULL DEFAULT '',
  issued_by uuid REFERENCES users (id) ON DELETE SET NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- When the machine got it first.
  sent_at timestamptz,
  answered_at timestamptz
);
-- One at a time for a machine: two restarts at once are one too many.
CREATE UNIQUE INDEX machine_commands_open_key ON machine_commands (machine_id) WHERE status IN ('waiting', 'sent');
CREATE INDEX machine_commands_machine ON machine_commands (machine_id, issued_at DESC);
CREATE INDEX machine_commands_due ON machine_commands (expires_at) WHERE status IN ('waiting', 'sent');
