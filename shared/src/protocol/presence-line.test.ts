import { describe, expect, it } from 'vitest';
import golden from './golden/presence-line.json' with { type: 'json' };
import { PRESENCE_PING_MS, PRESENCE_PING_TIMEOUT_MS } from './presence.ts';
import {
  PRESENCE_FRAMES,
  presenceConnectedFrame,
  presenceOpenFrame,
  presenceRefusalFrame,
} from './presence-line.ts';

const CONNECTION_ID = 'AAECAwQFBgcICQoL';

describe("the frames of an agent's line", () => {
  it('are exactly these bytes', () => {
    const message = 'Too many agents connect at once.';
    expect({
      ...PRESENCE_FRAMES,
      open: presenceOpenFrame(CONNECTION_ID),
      connected: presenceConnectedFrame(CONNECTION_ID),
      refused: presenceRefusalFrame({
        code: 'too-many-requests',
        message,
        details: { retryAfterMs: 1234 },
      }),
    }).toEqual(golden);
  });

  it('let a cut line be noticed within 25 s', () => {
    expect(PRESENCE_PING_MS + PRESENCE_PING_TIMEOUT_MS).toBeLessThanOrEqual(25_000);
  });
});
