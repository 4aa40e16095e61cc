-- What is over is removed by its age.
CREATE INDEX machine_commands_over ON machine_commands (issued_at) WHERE status NOT IN ('waiting', 'sent');
CREATE INDEX machine_updates_age ON machine_updates (offered_at);
