import { expect, it } from 'vitest';
import { type Beat, Heartbeat, PING_MS } from './heartbeat.ts';

const stalled = (beat: Beat) => beat.kind === 'ping' && beat.isStalled;

it('pings with rising numbers and measures the round trip', () => {
  const heartbeat = new Heartbeat(0);
  expect(heartbeat.tick(0)).toEqual({ kind: 'ping', n: 1, isStalled: false });
  expect(heartbeat.tick(500)).toEqual({ kind: 'ping', n: 2, isStalled: false });
  heartbeat.pong(2, 512);
  expect(heartbeat.rttMs).toBe(12);
});

it('doubts the path within two seconds without an answer, and not any more after one', () => {
  const heartbeat = new Heartbeat(0);
  const doubts = [];
  for (let now = 0; now <= 2000; now += PING_MS) doubts.push(stalled(heartbeat.tick(now)));
  expect(doubts).toEqual([false, false, false, true, true]);
  heartbeat.pong(4, 2100);
  expect(stalled(heartbeat.tick(2500))).toBe(false);
});

it('tells the loss after ten seconds without an answer', () => {
  const heartbeat = new Heartbeat(0);
  let now = 0;
  while (heartbeat.tick(now).kind === 'ping') now += PING_MS;
  expect(now).toBe(10_000);
});

it('lives while answers come, however old the connection is', () => {
  const heartbeat = new Heartbeat(0);
  for (let now = 0; now <= 60_000; now += PING_MS) {
    const beat = heartbeat.tick(now);
    expect(beat.kind).toBe('ping');
    if (beat.kind === 'ping') heartbeat.pong(beat.n, now + 100);
  }
});

it('does not take its own sleep for the death of the other side', () => {
  const heartbeat = new Heartbeat(0);
  heartbeat.tick(0);
  heartbeat.pong(1, 5);
  expect(heartbeat.tick(3_600_000).kind).toBe('ping');
  expect(stalled(heartbeat.tick(3_600_500))).toBe(false);
  expect(stalled(heartbeat.tick(3_601_500))).toBe(true);
});

it('is not kept alive by answers that were never asked for', () => {
  const heartbeat = new Heartbeat(0);
  for (let now = 0; now < 2000; now += PING_MS) {
    heartbeat.tick(now);
    heartbeat.pong(99, now + 1);
  }
  expect(stalled(heartbeat.tick(2000))).toBe(true);
});
