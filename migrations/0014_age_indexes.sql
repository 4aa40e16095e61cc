-- Groups by age are counted by company: from the index alone, where the machine's own row has not changed lately.
DROP INDEX machines_away;
DROP INDEX machines_never_seen;
DROP INDEX machines_accessed;
DROP INDEX machines_booted;
CREATE INDEX machines_away ON machines (seen_at, company_id, id) WHERE removed_at IS NULL AND NOT online;
CREATE INDEX machines_never_seen ON machines (first_seen_at, company_id, id)
  WHERE removed_at IS NULL AND NOT online AND seen_at IS NULL;
CREATE INDEX machines_accessed ON machines (last_accessed_at, company_id, id) WHERE removed_at IS NULL;
CREATE INDEX machines_booted ON machines (booted_at, company_id, id) WHERE removed_at IS NULL;

-- Sums over all companies are a company of their own.
CREATE INDEX machine_counts_company ON machine_counts (company_id);
