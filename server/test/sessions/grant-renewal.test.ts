import { GRANT_LIFETIME_MS, GRANT_RENEWAL_MS } from '@guruconnect/shared';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { BROWSER_KEY } from './support/browser-key.ts';
import { type Person, type Stage, setStage } from './support/stage.ts';

describe('grants of live peers', () => {
  const renewals = new Set<() => void>();
  /** Real time, but grants are renewed when the test says so. */
  const clock: Clock = {
    ...systemClock,
    every: (ms, task) => {
      if (ms !== GRANT_RENEWAL_MS) return systemClock.every(ms, task);
      renewals.add(task);
      return () => renewals.delete(task);
    },
  };
  const renew = () => {
    for (const task of renewals) task();
  };
  let stage: Stage;
  let owner: Person;

  beforeEach(async () => {
    stage = await setStage({ clock });
    owner = await stage.hire('tess', 'technician');
  });
  afterEach(() => stage.close());

  it('are renewed with a later end and a higher sequence, and say the same', async () => {
    const { agent, peerId } = await stage.control(owner);
    const before = agent.peers.get(peerId);
    expect((before?.expiresAt ?? 0) - (before?.issuedAt ?? 0)).toBe(GRANT_LIFETIME_MS);
    agent.inbox.clear();
    renew();
    await agent.inbox.next('peer:grant', (one) => one.peerId === peerId);
    const after = agent.peers.get(peerId);
    expect(after?.capabilities).toEqual(before?.capabilities);
    expect(after?.sequence).toBeGreaterThan(before?.sequence ?? 0);
    expect(after?.expiresAt).toBeGreaterThan(before?.expiresAt ?? 0);
  });

  it('are not renewed for a peer that was closed', async () => {
    const { agent, console, peerId } = await stage.control(owner);
    const { peerId: second } = await console.ask('peer:request', {
      browserKey: BROWSER_KEY,
      sessionId: (await console.ask('sessions:watch', {})).sessions[0]?.id ?? '',
    });
    console.tell('peer:close', { peerId });
    await agent.inbox.next('peer:cut', (one) => one.peerId === peerId);
    agent.inbox.clear();
    renew();
    await agent.inbox.next('peer:grant', (one) => one.peerId === second);
    expect(agent.inbox.all('peer:grant').map((one) => one.peerId)).toEqual([second]);
  });

  it('end with the session: a renewal in that moment brings no peer back', async () => {
    const { agent, guest, peerId } = await stage.control(owner);
    renew();
    await guest.ask('guest:stop', {});
    renew();
    await agent.inbox.next('peer:cut', (one) => one.peerId === peerId);
    const order = agent.inbox.all('peer:cut').length;
    expect(order).toBe(1);
    expect(agent.peers.has(peerId)).toBe(false);
  });
});
