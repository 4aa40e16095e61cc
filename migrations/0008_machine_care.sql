-- Machines that were removed go for good after a while. The history of their sessions stays, and goes on naming them:
-- a session without a machine would pass for one that no company hides.
ALTER TABLE sessions DROP CONSTRAINT sessions_machine_id_fkey;
CREATE INDEX machines_removed ON machines (removed_at) WHERE removed_at IS NOT NULL;
-- Who is behind the same address: one of them may wake another.
CREATE INDEX machines_external_ip ON machines (external_ip) WHERE removed_at IS NULL AND external_ip <> '';
CREATE INDEX installers_company ON installers (company_id);
