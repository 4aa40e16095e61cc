import type { AuditEvent, AuditLog, Log } from '../core/ports.ts';

/** Writes what happened to the audit log. What has happened is not undone when the log fails: that is logged. */
export type Recorder = (event: AuditEvent) => Promise<void>;

export function createRecorder(deps: { audit: AuditLog; log: Log }): Recorder {
  return async (event) => {
    try {
      await deps.audit.append(event);
    } catch (error) {
      deps.log.error({ err: error, action: event.action }, 'an audit entry could not be stored');
    }
  };
}
