import { runXProgram } from '../../e2e/support/x-programs.ts';
import { type Summary, summarize } from '../support/statistics.ts';
import { elapse, type Rig } from './rig.ts';

/** From a real key press in the browser to the changed pixel in the viewer's video, `performance.now()` both. */
export async function measureKeyToPixel(
  rig: Rig,
  beside: 'static' | 'scrolling',
  presses = rig.options.quick ? 15 : 40,
): Promise<{ summary: Summary; samples: number[] }> {
  const flipper = await runXProgram(rig.desktop, 'key-flip', beside === 'scrolling' ? ['scrolling'] : []);
  try {
    await rig.viewer.bringToFront();
    await elapse(1_500);
    const samples: number[] = [];
    for (let press = 0; press < presses; press += 1) {
      await rig.viewer.evaluate(() => window.guruProbe?.armFlip());
      await rig.viewer.keyboard.press('a');
      samples.push((await rig.viewer.evaluate(() => window.guruProbe?.flip())) ?? Number.NaN);
      // Not in step with anything: people are not.
      await elapse(200 + ((press * 137) % 250));
    }
    return { summary: summarize(samples), samples };
  } finally {
    await flipper.stop();
  }
}

/** 208 keys as fast as a paste of typed text: how long after the last key was sent it arrived, and how many did not. */
export async function measureTyping(rig: Rig) {
  const keys = 208;
  const flipper = await runXProgram(rig.desktop, 'key-flip');
  try {
    await rig.viewer.bringToFront();
    const session = await rig.context.newCDPSession(rig.viewer);
    const sent: Promise<unknown>[] = [];
    const start = Date.now();
    for (let key = 0; key < keys; key += 1) {
      const wait = start + (key * 900) / keys - Date.now();
      if (wait > 0) await elapse(wait);
      const event = { key: 'a', code: 'KeyA', windowsVirtualKeyCode: 65 };
      sent.push(session.send('Input.dispatchKeyEvent', { type: 'keyDown', text: 'a', ...event }));
      sent.push(session.send('Input.dispatchKeyEvent', { type: 'keyUp', ...event }));
    }
    const lastSentAt = Date.now();
    await Promise.all(sent);
    const last = await flipper.waitFor(new RegExp(`flip ${keys} \\w+ (\\d+)`), 5_000).catch(() => undefined);
    const arrived = [...flipper.output.matchAll(/^flip /gm)].length;
    return {
      keys,
      lagMs: last ? Math.max(0, Number(last[1]) / 1000 - lastSentAt) : null,
      errors: Math.abs(keys - arrived),
    };
  } finally {
    await flipper.stop();
  }
}
