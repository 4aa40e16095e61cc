-- Live peer connections: which participant and which login each belongs to. Kept so that a restarted server
-- knows the peers that its agents still hold and can cut them when their login ends.
CREATE TABLE peers (
  id uuid PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions (id),
  participant_id uuid NOT NULL,
  user_id uuid NOT NULL REFERENCES users (id),
  login_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  closed_at timestamptz
);
CREATE INDEX peers_open_by_session ON peers (session_id) WHERE closed_at IS NULL;
CREATE INDEX peers_open_by_login ON peers (login_id) WHERE closed_at IS NULL;

-- When somebody who waits for Admit stops waiting.
ALTER TABLE knocks ADD COLUMN expires_at timestamptz NOT NULL;
