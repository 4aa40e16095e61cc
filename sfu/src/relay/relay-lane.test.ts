import { expect, it } from 'vitest';
import type { RelayEnd } from './relay-end.ts';
import { RelayLane } from './relay-lane.ts';

/** A clock that the test turns. */
function fakeClock() {
  let now = 0;
  let timers: { at: number; task: () => void }[] = [];
  return {
    now: () => now,
    after: (ms: number, task: () => void) => {
      const timer = { at: now + ms, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    every: () => () => undefined,
    pass: (ms: number) => {
      const until = now + ms;
      for (;;) {
        const due = timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers = timers.filter((one) => one !== due);
        now = due.at;
        due.task();
      }
      now = until;
    },
  };
}

function end() {
  const waiting: (() => void)[] = [];
  const log: string[] = [];
  const one: RelayEnd = {
    send: (_data, sent) => waiting.push(sent),
    tellPaired: () => undefined,
    pause: () => log.push('pause'),
    resume: () => log.push('resume'),
    close: () => undefined,
  };
  return { one, log, deliver: (count: number) => waiting.splice(0, count).map((sent) => sent()) };
}

it('stops reading when much waits to be sent and goes on when little is left', () => {
  const clock = fakeClock();
  const [from, to] = [end(), end()];
  const lane = new RelayLane({ clock, from: from.one, to: to.one, bytesPerSecond: 1_000_000_000 });
  for (let sent = 0; sent < 4; sent += 1) lane.pass(Buffer.alloc(40_000));
  expect(from.log).toEqual(['pause']);
  to.deliver(3);
  expect(from.log).toEqual(['pause']);
  to.deliver(1);
  expect(from.log).toEqual(['pause', 'resume']);
  expect(lane.waitingBytes).toBe(0);
});

it('rests for as long as everything that came over the budget needs', () => {
  const clock = fakeClock();
  const [from, to] = [end(), end()];
  const lane = new RelayLane({ clock, from: from.one, to: to.one, bytesPerSecond: 10_000 });
  lane.pass(Buffer.alloc(15_000));
  lane.pass(Buffer.alloc(5_000));
  clock.pass(999);
  expect(from.log).toEqual(['pause']);
  clock.pass(1);
  expect(from.log).toEqual(['pause', 'resume']);
});

it('holds no silence against a sender that it does not listen to', () => {
  const clock = fakeClock();
  const [from, to] = [end(), end()];
  const lane = new RelayLane({ clock, from: from.one, to: to.one, bytesPerSecond: 1_000_000_000 });
  lane.pass(Buffer.alloc(200_000));
  clock.pass(60_000);
  expect(lane.silentMs(clock.now())).toBe(0);
  to.deliver(1);
  clock.pass(5_000);
  expect(lane.silentMs(clock.now())).toBe(5_000);
});
