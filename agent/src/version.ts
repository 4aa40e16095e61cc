/** Shown to technicians; the same as in package.json, which a test checks. */
export const AGENT_VERSION = '0.1.0';
