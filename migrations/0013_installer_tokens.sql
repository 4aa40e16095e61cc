-- The token of an installer, sealed with a key of the server, so that its downloads and links can be shown again.
-- Installers of before have none.
ALTER TABLE installers ADD COLUMN sealed_token text;
