-- Companies own sites and machines (A8).
CREATE TABLE companies (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  -- Which technicians reach its machines: all, or those assigned.
  access text NOT NULL CHECK (access IN ('everyone', 'assigned')),
  consent jsonb NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX companies_name_key ON companies (lower(name));

CREATE TABLE company_users (
  company_id uuid NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (company_id, user_id)
);
CREATE TABLE company_teams (
  company_id uuid NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
  team_id uuid NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
  PRIMARY KEY (company_id, team_id)
);

CREATE TABLE sites (
  id uuid PRIMARY KEY,
  company_id uuid NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
  name text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX sites_name_key ON sites (company_id, lower(name));

-- What an enrolment token gives to its machines (B1). Only the SHA-256 of the token is stored.
CREATE TABLE installers (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  token_hash text NOT NULL UNIQUE,
  company_id uuid NOT NULL REFERENCES companies (id) ON DELETE CASCADE,
  site text NOT NULL,
  department text NOT NULL,
  device_type text NOT NULL,
  tags text[] NOT NULL,
  machine_name text NOT NULL,
  created_by uuid REFERENCES users (id),
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  max_uses integer,
  uses integer NOT NULL DEFAULT 0,
  revoked_at timestamptz
);

CREATE TABLE machines (
  id uuid PRIMARY KEY,
  -- Raw P-256 key, 65 bytes in base64url: the machine's identity.
  public_key text NOT NULL UNIQUE,
  hardware_id text NOT NULL,
  -- Rises with every change that a list shows.
  version integer NOT NULL DEFAULT 1,
  company_id uuid NOT NULL REFERENCES companies (id),
  site_id uuid REFERENCES sites (id) ON DELETE SET NULL,
  installer_id uuid REFERENCES installers (id) ON DELETE SET NULL,
  -- Given by people; empty: it goes by its hostname.
  name text NOT NULL,
  department text NOT NULL,
  device_type text NOT NULL,
  tags text[] NOT NULL,
  notes text NOT NULL DEFAULT '',
  properties jsonb NOT NULL DEFAULT '{}',
  -- {note, by, at}, or null.
  attention jsonb,
  -- What the machine says of itself; the columns repeat what is searched and sorted by.
  inventory jsonb,
  inventory_hash text,
  status jsonb,
  hostname text NOT NULL,
  os_family text NOT NULL CHECK (os_family IN ('linux', 'windows', 'macos')),
  os_name text NOT NULL DEFAULT '',
  os_build text NOT NULL DEFAULT '',
  manufacturer text NOT NULL DEFAULT '',
  model text NOT NULL DEFAULT '',
  serial text NOT NULL DEFAULT '',
  service_tag text NOT NULL DEFAULT '',
  agent_version text NOT NULL DEFAULT '',
  logged_on_user text NOT NULL DEFAULT '',
  idle_ms bigint,
  internal_ips text[] NOT NULL DEFAULT '{}',
  macs text[] NOT NULL DEFAULT '{}',
  external_ip text NOT NULL DEFAULT '',
  booted_at timestamptz,
  os_installed_at timestamptz,
  -- Time of the newest signed request: what was sent once is refused the second time.
  last_request_ms bigint NOT NULL DEFAULT 0,
  online boolean NOT NULL DEFAULT false,
  -- While online: since when; otherwise when it was last there.
  seen_at timestamptz,
  last_check_in_at timestamptz,
  first_seen_at timestamptz NOT NULL,
  last_accessed_at timestamptz,
  guest_last_connected_at timestamptz,
  -- The same identity was seen on two computers at once.
  cloned_at timestamptz,
  removed_at timestamptz
);
CREATE INDEX machines_company ON machines (company_id) WHERE removed_at IS NULL;
CREATE INDEX machines_site ON machines (site_id) WHERE removed_at IS NULL;

-- A query that somebody saved (A3).
CREATE TABLE saved_filters (
  id uuid PRIMARY KEY,
  owner_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name text NOT NULL,
  query text NOT NULL,
  shared text NOT NULL CHECK (shared IN ('none', 'team', 'company')),
  created_at timestamptz NOT NULL
);
CREATE TABLE filter_pins (
  filter_id uuid NOT NULL REFERENCES saved_filters (id) ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  PRIMARY KEY (filter_id, user_id)
);

-- Unattended sessions: on a machine, without a code, under the consent policy that its company had.
ALTER TABLE sessions DROP CONSTRAINT sessions_origin_check;
ALTER TABLE sessions ADD CONSTRAINT sessions_origin_check CHECK (origin IN ('technician', 'portal', 'machine'));
ALTER TABLE sessions ADD COLUMN machine_id uuid REFERENCES machines (id);
ALTER TABLE sessions ADD COLUMN consent_policy jsonb;
-- One session an endpoint: others join it.
CREATE UNIQUE INDEX sessions_machine_active_key ON sessions (machine_id)
  WHERE machine_id IS NOT NULL AND phase <> 'ended';
CREATE INDEX sessions_machine ON sessions (machine_id, created_at) WHERE machine_id IS NOT NULL;
