-- The P-256 key of the browser that a login belongs to: raw, 65 bytes, base64url. Set once, by the first viewer.
ALTER TABLE logins ADD COLUMN browser_key text;

-- Thumbprint of that key, which the peer's grants name; null for peers that were open before there were keys.
ALTER TABLE peers ADD COLUMN viewer_key text;
