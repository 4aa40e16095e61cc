import { describe, expect, it } from 'vitest';
import { RestartPolicy } from './restart-policy.ts';

describe('starting a process that crashed again', () => {
  it('does so at once after the first crash, later and later after those that follow, and gives up in the end', () => {
    const policy = new RestartPolicy();
    const delays = Array.from({ length: 7 }, () => policy.crashed(300));
    expect(delays).toEqual([0, 250, 1_000, 2_000, 4_000, undefined, undefined]);
  });

  it('starts counting anew when the process had run for a minute', () => {
    const policy = new RestartPolicy();
    for (let crash = 0; crash < 4; crash += 1) policy.crashed(300);
    expect(policy.crashed(60_000)).toBe(0);
    expect(policy.crashed(300)).toBe(250);
  });
});
