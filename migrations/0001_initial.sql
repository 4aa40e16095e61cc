-- Forward only; runs unchanged on PostgreSQL 15+ and on PGlite.

CREATE TABLE teams (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX teams_name_key ON teams (lower(name));

CREATE TABLE users (
  id uuid PRIMARY KEY,
  username text NOT NULL UNIQUE,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('technician', 'senior', 'admin')),
  team_id uuid REFERENCES teams (id),
  password_hash text NOT NULL,
  preferences jsonb NOT NULL,
  disabled_at timestamptz,
  created_at timestamptz NOT NULL,
  last_login_at timestamptz
);

-- A signed-in browser. Only the SHA-256 of its cookie is stored.
CREATE TABLE logins (
  id uuid PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  user_id uuid NOT NULL REFERENCES users (id),
  address text NOT NULL,
  user_agent text NOT NULL,
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX logins_live ON logins (user_id) WHERE ended_at IS NULL;

-- A link that signs somebody in once.
CREATE TABLE launch_tickets (
  token_hash text PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id),
  path text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

-- One row: the deployment's settings.
CREATE TABLE settings (
  id integer PRIMARY KEY CHECK (id = 1),
  value jsonb NOT NULL
);

-- Keys the server made for itself: grant signing, audit heads, form tokens, puzzles.
CREATE TABLE server_keys (
  name text PRIMARY KEY,
  value text NOT NULL,
  created_at timestamptz NOT NULL
);

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  origin text NOT NULL CHECK (origin IN ('technician', 'portal')),
  owner_id uuid REFERENCES users (id),
  created_by uuid REFERENCES users (id),
  claim_by text NOT NULL CHECK (claim_by IN ('list', 'code')),
  visibility text NOT NULL CHECK (visibility IN ('private', 'team', 'company')),
  name text,
  consent_required boolean NOT NULL,
  -- The state in its four parts, changed by compare-and-set on version; phase repeats its lifecycle for indexes.
  state jsonb NOT NULL,
  version integer NOT NULL,
  phase text NOT NULL CHECK (phase IN ('waiting', 'open', 'ended')),
  machine jsonb,
  endpoint_address text,
  -- Rises with every grant that is signed for the session.
  grant_sequence integer NOT NULL DEFAULT 0,
  code_expires_at timestamptz,
  created_at timestamptz NOT NULL,
  last_active_at timestamptz NOT NULL,
  ended_at timestamptz
);
CREATE INDEX sessions_active ON sessions (created_at) WHERE phase <> 'ended';
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE phase = 'ended';
CREATE INDEX sessions_owner ON sessions (owner_id, created_at);

-- Codes in use, and released ones, which are not handed out again for 24 hours.
CREATE TABLE session_codes (
  id uuid PRIMARY KEY,
  code text NOT NULL CHECK (code ~ '^[0-9]{6}$'),
  session_id uuid NOT NULL REFERENCES sessions (id),
  active boolean NOT NULL,
  created_at timestamptz NOT NULL,
  released_at timestamptz
);
CREATE UNIQUE INDEX session_codes_active_key ON session_codes (code) WHERE active;
CREATE INDEX session_codes_code ON session_codes (code, released_at);
CREATE INDEX session_codes_session ON session_codes (session_id);

-- Tokens of a session's guest panel and agents; only their SHA-256 is stored.
CREATE TABLE session_tokens (
  token_hash text PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions (id),
  kind text NOT NULL CHECK (kind IN ('guest', 'agent')),
  agent_id uuid,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX session_tokens_session ON session_tokens (session_id);

-- Agents and guests that wait for the technician's Admit.
CREATE TABLE knocks (
  id uuid PRIMARY KEY,
  session_id uuid NOT NULL REFERENCES sessions (id),
  kind text NOT NULL CHECK (kind IN ('agent', 'guest')),
  token_hash text NOT NULL UNIQUE,
  address text NOT NULL,
  machine jsonb,
  status text NOT NULL CHECK (status IN ('waiting', 'admitted', 'refused')),
  created_at timestamptz NOT NULL,
  answered_at timestamptz
);
CREATE INDEX knocks_waiting ON knocks (session_id) WHERE status = 'waiting';

-- Append-only, hash-chained per stream. What an entry says lies apart, so that retention can delete it
-- while the chain of hashes stays whole.
CREATE TABLE audit_entries (
  sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  stream text NOT NULL,
  stream_sequence integer NOT NULL,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  session_id uuid,
  address text,
  payload_hash text NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  UNIQUE (stream, stream_sequence)
);
CREATE INDEX audit_entries_session ON audit_entries (session_id, sequence) WHERE session_id IS NOT NULL;
CREATE TABLE audit_payloads (
  sequence bigint PRIMARY KEY REFERENCES audit_entries (sequence),
  details jsonb NOT NULL
);
-- Signed heads merged over all streams.
CREATE TABLE audit_heads (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  heads jsonb NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL,
  signature text NOT NULL
);
