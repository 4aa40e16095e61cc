-- A small picture of each machine's screen, of the last session on it, while the deployment keeps them (A6, U3).
CREATE TABLE machine_thumbnails (
  machine_id uuid PRIMARY KEY REFERENCES machines (id) ON DELETE CASCADE,
  bytes bytea NOT NULL,
  mime_type text NOT NULL,
  width integer NOT NULL,
  height integer NOT NULL,
  taken_at timestamptz NOT NULL,
  taken_by uuid REFERENCES users (id) ON DELETE SET NULL,
  session_id uuid REFERENCES sessions (id) ON DELETE SET NULL
);
CREATE INDEX machine_thumbnails_age ON machine_thumbnails (taken_at);
