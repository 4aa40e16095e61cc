import { describe, expect, it } from 'vitest';
import { settle, startSession } from './support/start-session.ts';

describe('when an address of this machine is gone', () => {
  it('has every viewer make a new peer, over a line to the server that was found to stand', async () => {
    const session = await startSession();
    const first = session.join(['view', 'control']);
    const second = session.join(['view']);
    session.addresses.splice(0, 1, '10.0.0.3');
    session.clock.advance(500);
    await settle();
    expect(session.server.link?.reconnects).toBe(0);
    expect(session.server.allTold('peer:renew')).toEqual([
      { peerId: first.peerId },
      { peerId: second.peerId },
    ]);
    expect(first.viewer.closed).toBe(false);
  });

  it('makes the line to the server anew when it is down, and tells the viewers afterwards', async () => {
    const session = await startSession();
    const joined = session.join(['view']);
    const { link } = session.server;
    link?.down();
    session.addresses.splice(0, 1, '10.0.0.3');
    session.clock.advance(500);
    await settle();
    expect(link?.reconnects).toBe(1);
    expect(session.server.allTold('peer:renew')).toEqual([]);
    const grant = session.grant(joined.peerId, joined.participantId, ['view']);
    session.server.welcome = { ...session.server.welcome, grants: [{ peerId: joined.peerId, grant }] };
    await link?.up();
    expect(session.server.allTold('peer:renew')).toEqual([{ peerId: joined.peerId }]);
  });

  it('leaves peers alone when an address is only added', async () => {
    const session = await startSession();
    session.join(['view']);
    session.addresses.push('192.168.1.7');
    session.clock.advance(500);
    await settle();
    expect(session.server.allTold('peer:renew')).toEqual([]);
  });
});
