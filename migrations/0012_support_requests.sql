-- Requests for help of the people at machines (U2).
CREATE TABLE support_requests (
  id uuid PRIMARY KEY,
  machine_id uuid NOT NULL REFERENCES machines (id) ON DELETE CASCADE,
  -- As the machine says; empty where nobody is logged on.
  user_name text NOT NULL,
  message text NOT NULL,
  created_at timestamptz NOT NULL,
  closed_at timestamptz,
  closed_by uuid REFERENCES users (id) ON DELETE SET NULL
);
CREATE INDEX support_requests_open ON support_requests (created_at DESC, id) WHERE closed_at IS NULL;
CREATE INDEX support_requests_closed ON support_requests (closed_at DESC, id) WHERE closed_at IS NOT NULL;
CREATE INDEX support_requests_machine ON support_requests (machine_id) WHERE closed_at IS NULL;
