import { describe, expect, it } from 'vitest';
import { secondsLeft } from './consent-countdown.ts';
import { transferNews } from './transfer-news.ts';

const me = { userId: 'me', name: 'Me' };
const tess = { userId: 'tess', name: 'Tess' };
const owner = (person: { userId: string; name: string }) => ({ ...person, teamId: null });
const offered = { transfer: { from: me, to: tess, note: '', at: 1 }, owner: owner(me) };

describe('what became of an offer', () => {
  it('is nothing while it waits, or where there was none', () => {
    expect(transferNews(offered, offered, 'me', false)).toBeUndefined();
    expect(transferNews({ ...offered, transfer: null }, offered, 'me', false)).toBeUndefined();
    expect(transferNews(undefined, offered, 'me', false)).toBeUndefined();
  });
  it('is told to each as it concerns them when it was accepted', () => {
    const accepted = { transfer: null, owner: owner(tess) };
    expect(transferNews(offered, accepted, 'me', false)).toMatch(/Tess took the session over/);
    expect(transferNews(offered, accepted, 'tess', false)).toBe('The session is yours now.');
    expect(transferNews(offered, accepted, 'anna', false)).toBe('Tess has the session now.');
  });
  it('is told to its giver alone when it was declined or withdrawn', () => {
    const declined = { ...offered, transfer: null };
    expect(transferNews(offered, declined, 'me', false)).toMatch(/Tess declined/);
    expect(transferNews(offered, declined, 'me', true)).toBe('The offer was withdrawn.');
    expect(transferNews(offered, declined, 'anna', false)).toBeUndefined();
  });
});

describe('the seconds until a question answers itself', () => {
  const asked = { timeoutSeconds: 30, since: 100_000, shownAt: 104_000 };
  it('count from when it was asked', () => {
    expect(secondsLeft({ ...asked, now: 104_000 })).toBe(26);
    expect(secondsLeft({ ...asked, now: 129_001 })).toBe(1);
    expect(secondsLeft({ ...asked, now: 140_000 })).toBe(0);
  });
  it('count from when it was shown where the clocks differ', () => {
    expect(secondsLeft({ ...asked, since: 900_000, now: 105_000 })).toBe(29);
    expect(secondsLeft({ ...asked, since: 0, now: 105_000 })).toBe(29);
  });
});
