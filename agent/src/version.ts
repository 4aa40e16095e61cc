import { PRODUCT_VERSION } from '@guruconnect/shared';

/** Shown to technicians; the same as in package.json, which a test checks. */
export const AGENT_VERSION = PRODUCT_VERSION;
