-- How well each peer's picture came, as its viewer measured it: the newest report of each.
CREATE TABLE session_quality (
  peer_id uuid PRIMARY KEY REFERENCES peers (id),
  session_id uuid NOT NULL REFERENCES sessions (id),
  user_id uuid NOT NULL REFERENCES users (id),
  started_at timestamptz NOT NULL,
  reported_at timestamptz NOT NULL,
  path text NOT NULL,
  seconds integer NOT NULL,
  fps double precision NOT NULL,
  bits_per_second double precision NOT NULL,
  round_trip_ms double precision,
  loss double precision NOT NULL,
  inputs integer NOT NULL,
  input_p50_ms double precision,
  input_p95_ms double precision,
  freezes integer NOT NULL
);
CREATE INDEX session_quality_by_session ON session_quality (session_id, started_at);
