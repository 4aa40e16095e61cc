-- Outdated agents are few, and looked for often.
CREATE INDEX machine_search_version ON machine_search (version);
