import { expect, it } from 'vitest';
import { Heartbeat, PING_MS } from './heartbeat.ts';

it('pings with rising numbers and measures the round trip', () => {
  const heartbeat = new Heartbeat(0);
  expect(heartbeat.tick(0)).toEqual({ kind: 'ping', n: 1 });
  expect(heartbeat.tick(500)).toEqual({ kind: 'ping', n: 2 });
  heartbeat.pong(2, 512);
  expect(heartbeat.rttMs).toBe(12);
});

it('tells the loss after two seconds without an answer', () => {
  const heartbeat = new Heartbeat(0);
  const beats = [];
  for (let now = 0; now <= 2000; now += PING_MS) beats.push(heartbeat.tick(now).kind);
  expect(beats).toEqual(['ping', 'ping', 'ping', 'ping', 'lost']);
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
  expect(heartbeat.tick(3_600_500).kind).toBe('ping');
  expect(heartbeat.tick(3_602_000).kind).toBe('lost');
});

it('is not kept alive by answers that were never asked for', () => {
  const heartbeat = new Heartbeat(0);
  for (let now = 0; now < 2000; now += PING_MS) {
    heartbeat.tick(now);
    heartbeat.pong(99, now + 1);
  }
  expect(heartbeat.tick(2000).kind).toBe('lost');
});
