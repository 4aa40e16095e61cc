-- Machines come and go all the time; what they are called hardly changes. So nothing that an agent's coming and going
-- changes is indexed in machine_search any more: such a change leaves the large index of words alone.
DROP INDEX machine_search_away;
DROP INDEX machine_search_accessed;
DROP INDEX machine_search_booted;
CREATE INDEX machines_away ON machines (seen_at, id) WHERE removed_at IS NULL AND NOT online;
CREATE INDEX machines_never_seen ON machines (first_seen_at, id)
  WHERE removed_at IS NULL AND NOT online AND seen_at IS NULL;
CREATE INDEX machines_accessed ON machines (last_accessed_at, id) WHERE removed_at IS NULL;
CREATE INDEX machines_booted ON machines (booted_at, id) WHERE removed_at IS NULL;

-- Trigrams end at punctuation: of 10.20.0.5 only pieces of two letters would be left, which half of the machines have.
-- Letters that nobody types stand for it in words, and the server puts them into what it looks for.
CREATE OR REPLACE FUNCTION machine_search_row(m machines) RETURNS SETOF machine_search LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT m.id, m.company_id, coalesce(m.seen_at, m.first_seen_at), m.first_seen_at, m.removed_at IS NOT NULL,
    m.online, m.online AND m.logged_on_user <> '', m.attention IS NOT NULL, m.cloned_at IS NOT NULL,
    machine_sort_key(coalesce(nullif(m.name, ''), m.hostname)),
    translate(lower(concat_ws(E'\x1f', nullif(m.name, ''), m.hostname, nullif(m.department, ''),
      nullif(m.device_type, ''), nullif(array_to_string(m.tags, E'\x1f'), ''), m.os_family, nullif(m.os_name, ''),
      nullif(m.os_build, ''), nullif(m.logged_on_user, ''), nullif(m.agent_version, ''),
      nullif(m.manufacturer, ''), nullif(m.model, ''), nullif(m.serial, ''), nullif(m.service_tag, ''),
      nullif(m.external_ip, ''), nullif(array_to_string(m.internal_ips, E'\x1f'), ''),
      nullif(array_to_string(m.macs, E'\x1f'), ''),
      (SELECT string_agg(value, E'\x1f') FROM jsonb_each_text(m.properties)), nullif(m.notes, ''))),
      '.:-_/\@', 'ƀƃƅƈƌƒƙ'),
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

-- Small changes write what they change and nothing else.
CREATE OR REPLACE FUNCTION machine_search_check_in() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE machine_search SET online = NEW.online, guested = NEW.online AND NEW.logged_on_user <> '',
    flagged = NEW.attention IS NOT NULL, cloned = NEW.cloned_at IS NOT NULL,
    seen_at = coalesce(NEW.seen_at, NEW.first_seen_at), last_check_in_at = NEW.last_check_in_at,
    last_accessed_at = NEW.last_accessed_at, booted_at = NEW.booted_at
  WHERE machine_id = NEW.id;
  IF (OLD.online AND OLD.logged_on_user <> '', OLD.attention IS NULL) IS DISTINCT FROM
     (NEW.online AND NEW.logged_on_user <> '', NEW.attention IS NULL) THEN
    PERFORM machine_count_change(OLD, NEW);
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER machines_search_changed ON machines;
DROP TRIGGER machines_search_checked_in ON machines;
CREATE TRIGGER machines_search_changed AFTER UPDATE ON machines FOR EACH ROW
  WHEN ((OLD.company_id, OLD.site_id, OLD.name, OLD.department, OLD.device_type, OLD.tags, OLD.notes,
      OLD.properties, OLD.hostname, OLD.os_family, OLD.os_name, OLD.os_build, OLD.manufacturer, OLD.model,
      OLD.serial, OLD.service_tag, OLD.agent_version, OLD.logged_on_user, OLD.internal_ips, OLD.macs,
      OLD.external_ip, OLD.os_installed_at, OLD.first_seen_at, OLD.removed_at IS NULL) IS DISTINCT FROM
    (NEW.company_id, NEW.site_id, NEW.name, NEW.department, NEW.device_type, NEW.tags, NEW.notes,
      NEW.properties, NEW.hostname, NEW.os_family, NEW.os_name, NEW.os_build, NEW.manufacturer, NEW.model,
      NEW.serial, NEW.service_tag, NEW.agent_version, NEW.logged_on_user, NEW.internal_ips, NEW.macs,
      NEW.external_ip, NEW.os_installed_at, NEW.first_seen_at, NEW.removed_at IS NULL))
  EXECUTE FUNCTION machine_search_follow();
CREATE TRIGGER machines_search_checked_in AFTER UPDATE ON machines FOR EACH ROW
  WHEN ((OLD.company_id, OLD.site_id, OLD.name, OLD.department, OLD.device_type, OLD.tags, OLD.notes,
      OLD.properties, OLD.hostname, OLD.os_family, OLD.os_name, OLD.os_build, OLD.manufacturer, OLD.model,
      OLD.serial, OLD.service_tag, OLD.agent_version, OLD.logged_on_user, OLD.internal_ips, OLD.macs,
      OLD.external_ip, OLD.os_installed_at, OLD.first_seen_at, OLD.removed_at IS NULL) IS NOT DISTINCT FROM
    (NEW.company_id, NEW.site_id, NEW.name, NEW.department, NEW.device_type, NEW.tags, NEW.notes,
      NEW.properties, NEW.hostname, NEW.os_family, NEW.os_name, NEW.os_build, NEW.manufacturer, NEW.model,
      NEW.serial, NEW.service_tag, NEW.agent_version, NEW.logged_on_user, NEW.internal_ips, NEW.macs,
      NEW.external_ip, NEW.os_installed_at, NEW.first_seen_at, NEW.removed_at IS NULL)
    AND (OLD.online, OLD.seen_at, OLD.last_check_in_at, OLD.last_accessed_at, OLD.booted_at,
      OLD.attention IS NULL, OLD.cloned_at IS NULL) IS DISTINCT FROM
    (NEW.online, NEW.seen_at, NEW.last_check_in_at, NEW.last_accessed_at, NEW.booted_at,
      NEW.attention IS NULL, NEW.cloned_at IS NULL))
  EXECUTE FUNCTION machine_search_check_in();

SELECT machine_search_rebuild();
-- Names alone, to rank by.
CREATE INDEX machine_search_names ON machine_search USING gin ((name || E'\x1f' || host) gin_trgm_ops)
  WITH (fastupdate = off);
