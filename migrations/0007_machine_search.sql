-- Finding machines (A1-A4): a narrow table beside the wide one, kept by triggers, and counts of the sidebar's groups.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What a machine is searched and sorted by, in lower case. Names of companies and sites stay in their own tables, so
-- that a new name holds at once and costs nothing.
CREATE TABLE machine_search (
  -- Columns that most scans look at come first.
  machine_id uuid PRIMARY KEY REFERENCES machines (id) ON DELETE CASCADE,
  company_id uuid NOT NULL,
  -- While it is online: since when; else when it was last there, or was enrolled.
  seen_at timestamptz NOT NULL,
  first_seen_at timestamptz NOT NULL,
  removed boolean NOT NULL,
  online boolean NOT NULL,
  -- Somebody is logged on at the screen of an online machine.
  guested boolean NOT NULL,
  flagged boolean NOT NULL,
  cloned boolean NOT NULL,
  -- Sort key: numbers in it are padded, so that pc-2 comes before pc-10.
  name_key text COLLATE "C" NOT NULL,
  -- Everything that words are searched in, with U+001F between the parts.
  words text NOT NULL,
  name text NOT NULL,
  host text NOT NULL,
  os_family text NOT NULL,
  os text NOT NULL,
  logged_on_user text NOT NULL,
  department text NOT NULL,
  device_type text NOT NULL,
  build text NOT NULL,
  version text NOT NULL,
  serial text NOT NULL,
  service_tag text NOT NULL,
  manufacturer text NOT NULL,
  model text NOT NULL,
  external_ip text NOT NULL,
  tags text[] NOT NULL,
  internal_ips text[] NOT NULL,
  -- Without separators.
  macs text[] NOT NULL,
  -- As key=value.
  properties text[] NOT NULL,
  notes text NOT NULL,
  address_key text COLLATE "C" NOT NULL,
  version_key text COLLATE "C" NOT NULL,
  site_id uuid,
  last_check_in_at timestamptz,
  last_accessed_at timestamptz,
  booted_at timestamptz,
  os_installed_at timestamptz
) WITH (fillfactor = 90);

-- Groups count the same label in different cases as one; keys are cut to what a group's key may have.
CREATE FUNCTION machine_label_key(label text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT nullif(lower(CASE WHEN char_length(label) > 57
    THEN left(regexp_replace(label, '[\U00010000-\U0010ffff]', '?', 'g'), 110) ELSE label END), '')
$$;

CREATE FUNCTION machine_sort_key(label text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT left(regexp_replace(regexp_replace(lower(label), '([0-9]+)', '000000000\1', 'g'),
    '0*([0-9]{10})(?![0-9])', '\1', 'g'), 500)
$$;

CREATE FUNCTION machine_search_row(m machines) RETURNS SETOF machine_search LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT m.id, m.company_id, coalesce(m.seen_at, m.first_seen_at), m.first_seen_at, m.removed_at IS NOT NULL,
    m.online, m.online AND m.logged_on_user <> '', m.attention IS NOT NULL, m.cloned_at IS NOT NULL,
    machine_sort_key(coalesce(nullif(m.name, ''), m.hostname)),
    lower(concat_ws(E'\x1f', nullif(m.name, ''), m.hostname, nullif(m.department, ''), nullif(m.device_type, ''),
      nullif(array_to_string(m.tags, E'\x1f'), ''), m.os_family, nullif(m.os_name, ''), nullif(m.os_build, ''),
      nullif(m.logged_on_user, ''), nullif(m.agent_version, ''), nullif(m.manufacturer, ''), nullif(m.model, ''),
      nullif(m.serial, ''), nullif(m.service_tag, ''), nullif(m.external_ip, ''),
      nullif(array_to_string(m.internal_ips, E'\x1f'), ''), nullif(array_to_string(m.macs, E'\x1f'), ''),
      (SELECT string_agg(value, E'\x1f') FROM jsonb_each_text(m.properties)), nullif(m.notes, ''))),
    lower(coalesce(nullif(m.name, ''), m.hostname)), lower(m.hostname), m.os_family,
    coalesce(machine_label_key(m.os_name), ''), lower(m.logged_on_user),
    coalesce(machine_label_key(m.department), ''), coalesce(machine_label_key(m.device_type), ''),
    lower(m.os_build), lower(m.agent_version), lower(m.serial), lower(m.service_tag), lower(m.manufacturer),
    lower(m.model), lower(m.external_ip),
    ARRAY(SELECT DISTINCT machine_label_key(tag) FROM unnest(m.tags) tag WHERE tag <> ''),
    ARRAY(SELECT lower(address) FROM unnest(m.internal_ips) address),
    ARRAY(SELECT regexp_replace(lower(mac), '[^0-9a-f]', '', 'g') FROM unnest(m.macs) mac),
    ARRAY(SELECT lower(key) || '=' || lower(value) FROM jsonb_each_text(m.properties)),
    lower(m.notes), machine_sort_key(m.external_ip), machine_sort_key(m.agent_version),
    m.site_id, m.last_check_in_at, m.last_accessed_at, m.booted_at, m.os_installed_at
$$;

-- Counts by company: deltas are only ever added, so that nobody waits for anybody, and folded into the counts by the
-- server now and then. The count of a group is the sum of both, right at every moment. Rows of the company
-- 00000000-… hold the sums over all, but for sites and `all`.
CREATE TABLE machine_counts (
  kind text NOT NULL,
  company_id uuid NOT NULL,
  value text NOT NULL,
  title text NOT NULL,
  n integer NOT NULL,
  PRIMARY KEY (kind, company_id, value)
);
CREATE TABLE machine_count_deltas (
  kind text NOT NULL,
  company_id uuid NOT NULL,
  value text NOT NULL,
  title text NOT NULL,
  n integer NOT NULL
);
-- Nights on which the counts were compared with the machines; a row is made by the server that does it.
CREATE TABLE machine_count_checks (
  day date PRIMARY KEY,
  began_at timestamptz NOT NULL,
  ended_at timestamptz,
  differences integer
);

-- What a machine counts for.
CREATE FUNCTION machine_count_keys(m machines) RETURNS TABLE (kind text, value text, title text)
LANGUAGE sql STABLE ROWS 8 AS $$
  SELECT k.kind, k.value, k.title
  FROM (VALUES ('all', '', ''),
    ('site', m.site_id::text, ''),
    ('os', machine_label_key(m.os_name), m.os_name),
    ('type', machine_label_key(m.device_type), m.device_type),
    ('department', machine_label_key(m.department), m.department),
    ('version', m.agent_version, m.agent_version),
    ('flagged', CASE WHEN m.attention IS NOT NULL THEN '' END, ''),
    ('guested', CASE WHEN m.online AND m.logged_on_user <> '' THEN '' END, '')) k (kind, value, title)
  WHERE m.removed_at IS NULL AND k.value IS NOT NULL
  UNION ALL
  SELECT 'tag', machine_label_key(tag), min(tag) FROM unnest(m.tags) tag
  WHERE m.removed_at IS NULL AND tag <> '' GROUP BY machine_label_key(tag)
$$;

CREATE FUNCTION machine_count_change(before machines, after machines) RETURNS void LANGUAGE sql AS $$
  INSERT INTO machine_count_deltas (kind, company_id, value, title, n)
  SELECT kind, company_id, value, max(title), sum(n)
  FROM (
    SELECT k.kind, after.company_id, k.value, k.title, 1 AS n
    FROM machine_count_keys(after) k WHERE after.id IS NOT NULL
    UNION ALL
    SELECT k.kind, before.company_id, k.value, k.title, -1
    FROM machine_count_keys(before) k WHERE before.id IS NOT NULL
  ) change
  GROUP BY kind, company_id, value HAVING sum(n) <> 0
$$;

CREATE FUNCTION machine_search_write(m machines) RETURNS void LANGUAGE sql AS $$
  INSERT INTO machine_search SELECT * FROM machine_search_row(m)
  ON CONFLICT (machine_id) DO UPDATE SET
    company_id = excluded.company_id, site_id = excluded.site_id, removed = excluded.removed,
    online = excluded.online, guested = excluded.guested, flagged = excluded.flagged, cloned = excluded.cloned,
    seen_at = excluded.seen_at, first_seen_at = excluded.first_seen_at,
    last_check_in_at = excluded.last_check_in_at, last_accessed_at = excluded.last_accessed_at,
    booted_at = excluded.booted_at, os_installed_at = excluded.os_installed_at, name_key = excluded.name_key,
    address_key = excluded.address_key, version_key = excluded.version_key, name = excluded.name,
    host = excluded.host, os_family = excluded.os_family, os = excluded.os,
    logged_on_user = excluded.logged_on_user, department = excluded.department,
    device_type = excluded.device_type, tags = excluded.tags, build = excluded.build,
    version = excluded.version, serial = excluded.serial, service_tag = excluded.service_tag,
    manufacturer = excluded.manufacturer, model = excluded.model, external_ip = excluded.external_ip,
    internal_ips = excluded.internal_ips, macs = excluded.macs, properties = excluded.properties,
    words = excluded.words
$$;

CREATE FUNCTION machine_search_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM machine_count_change(OLD, NULL);
  ELSIF TG_OP = 'INSERT' THEN
    PERFORM machine_search_write(NEW);
    PERFORM machine_count_change(NULL, NEW);
  ELSE
    PERFORM machine_search_write(NEW);
    IF (OLD.company_id, OLD.site_id, OLD.os_name, OLD.device_type, OLD.department, OLD.agent_version, OLD.tags,
        OLD.attention IS NULL, OLD.online, OLD.logged_on_user = '', OLD.removed_at IS NULL) IS DISTINCT FROM
       (NEW.company_id, NEW.site_id, NEW.os_name, NEW.device_type, NEW.department, NEW.agent_version, NEW.tags,
        NEW.attention IS NULL, NEW.online, NEW.logged_on_user = '', NEW.removed_at IS NULL) THEN
      PERFORM machine_count_change(OLD, NEW);
    END IF;
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION machine_search_check_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE machine_search SET last_check_in_at = NEW.last_check_in_at WHERE machine_id = NEW.id;
  RETURN NULL;
END $$;

CREATE TRIGGER machines_search_added AFTER INSERT OR DELETE ON machines
  FOR EACH ROW EXECUTE FUNCTION machine_search_follow();
CREATE TRIGGER machines_search_changed AFTER UPDATE ON machines FOR EACH ROW
  WHEN ((OLD.company_id, OLD.site_id, OLD.name, OLD.department, OLD.device_type, OLD.tags, OLD.notes,
      OLD.properties, OLD.attention IS NULL, OLD.hostname, OLD.os_family, OLD.os_name, OLD.os_build,
      OLD.manufacturer, OLD.model, OLD.serial, OLD.service_tag, OLD.agent_version, OLD.logged_on_user,
      OLD.internal_ips, OLD.macs, OLD.external_ip, OLD.booted_at, OLD.os_installed_at, OLD.online, OLD.seen_at,
      OLD.first_seen_at, OLD.last_accessed_at, OLD.cloned_at IS NULL, OLD.removed_at IS NULL) IS DISTINCT FROM
    (NEW.company_id, NEW.site_id, NEW.name, NEW.department, NEW.device_type, NEW.tags, NEW.notes,
      NEW.properties, NEW.attention IS NULL, NEW.hostname, NEW.os_family, NEW.os_name, NEW.os_build,
      NEW.manufacturer, NEW.model, NEW.serial, NEW.service_tag, NEW.agent_version, NEW.logged_on_user,
      NEW.internal_ips, NEW.macs, NEW.external_ip, NEW.booted_at, NEW.os_installed_at, NEW.online, NEW.seen_at,
      NEW.first_seen_at, NEW.last_accessed_at, NEW.cloned_at IS NULL, NEW.removed_at IS NULL))
  EXECUTE FUNCTION machine_search_follow();
-- By far the most frequent change: it touches no index.
CREATE TRIGGER machines_search_checked_in AFTER UPDATE ON machines FOR EACH ROW
  WHEN (OLD.last_check_in_at IS DISTINCT FROM NEW.last_check_in_at)
  EXECUTE FUNCTION machine_search_check_in();

-- Everything anew from the machines: for those that are there already, and after machines were loaded in bulk with the
-- triggers off. The index of words is made at the end, which is much faster than row by row.
CREATE FUNCTION machine_search_rebuild() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  DROP INDEX IF EXISTS machine_search_words;
  DELETE FROM machine_search;
  INSERT INTO machine_search SELECT r.* FROM machines m CROSS JOIN LATERAL machine_search_row(m) r;
  DELETE FROM machine_count_deltas;
  DELETE FROM machine_counts;
  INSERT INTO machine_counts (kind, company_id, value, title, n)
  SELECT k.kind, m.company_id, k.value, max(k.title), count(*)
  FROM machines m CROSS JOIN LATERAL machine_count_keys(m) k GROUP BY k.kind, m.company_id, k.value;
  INSERT INTO machine_counts (kind, company_id, value, title, n)
  SELECT kind, '00000000-0000-0000-0000-000000000000', value, max(title), sum(n)
  FROM machine_counts WHERE kind NOT IN ('all', 'site') GROUP BY kind, value;
  -- Without a pending list, which nothing would empty on the embedded database.
  CREATE INDEX machine_search_words ON machine_search USING gin (words gin_trgm_ops) WITH (fastupdate = off);
END $$;
SELECT machine_search_rebuild();

CREATE INDEX machine_search_name ON machine_search (name_key, machine_id) WHERE NOT removed;
CREATE INDEX machine_search_company ON machine_search (company_id, name_key, machine_id) WHERE NOT removed;
CREATE INDEX machine_search_site ON machine_search (site_id, name_key) WHERE NOT removed AND site_id IS NOT NULL;
CREATE INDEX machine_search_away ON machine_search (seen_at, company_id) WHERE NOT removed AND NOT online;
CREATE INDEX machine_search_accessed ON machine_search (last_accessed_at, company_id) WHERE NOT removed;
CREATE INDEX machine_search_booted ON machine_search (booted_at, company_id) WHERE NOT removed;
