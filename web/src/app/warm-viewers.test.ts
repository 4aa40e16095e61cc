import { expect, it } from 'vitest';
import type { Viewer } from '../features/viewer/create-viewer.ts';
import { WarmViewers } from './warm-viewers.ts';

class ViewerOnPaper {
  begun: string | undefined;
  isClosed = false;
  over = false;
  readonly session = { subscribe: () => () => {}, getSnapshot: () => ({ over: this.over }) };

  begin(mode: string): void {
    this.begun = mode;
  }

  close(): void {
    this.isClosed = true;
  }
}

function stage() {
  const made: ViewerOnPaper[] = [];
  const timers = new Set<() => void>();
  const make = () => {
    const viewer = new ViewerOnPaper();
    made.push(viewer);
    return viewer as unknown as Viewer;
  };
  const viewers = new WarmViewers({
    makeHeld: async () => make(),
    after: (_ms, task) => {
      timers.add(task);
      return () => timers.delete(task);
    },
  });
  const elapse = () => {
    for (const task of [...timers]) {
      timers.delete(task);
      task();
    }
  };
  const held = async () => {
    viewers.want(['s1'], true);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { viewers, made, make, elapse, held };
}

it('gives a page that is drawn twice the one viewer that stood ready', async () => {
  const { viewers, made, make, held } = stage();
  await held();
  viewers.begin('s1', 'control');
  const first = viewers.viewerFor('s1', make);
  const second = viewers.viewerFor('s1', make);
  expect(second).toBe(first);
  expect(made).toHaveLength(1);
  expect(made[0]).toMatchObject({ begun: 'control', isClosed: false });
});

it('gives a page that is drawn twice the one viewer that was made for it', () => {
  const { viewers, made, make } = stage();
  expect(viewers.viewerFor('s1', make)).toBe(viewers.viewerFor('s1', make));
  expect(made).toHaveLength(1);
});

it('leaves a viewer to the page that owns it, and makes the next page another', () => {
  const { viewers, made, make, elapse } = stage();
  viewers.own(viewers.viewerFor('s1', make));
  elapse();
  expect(made[0]?.isClosed).toBe(false);
  viewers.viewerFor('s1', make);
  expect(made).toHaveLength(2);
});

it('closes what no page came for', async () => {
  const { viewers, made, held, elapse } = stage();
  await held();
  viewers.begin('s1', 'view');
  elapse();
  expect(made[0]?.isClosed).toBe(true);
});

it('closes what began for one session when another is opened', async () => {
  const { viewers, made, make, held } = stage();
  await held();
  viewers.begin('s1', 'control');
  viewers.viewerFor('s2', make);
  expect(made.map((viewer) => viewer.isClosed)).toEqual([true, false]);
});

it('tries again later when a connection was over before it was held', async () => {
  const { viewers, made, elapse } = stage();
  viewers.want(['s1'], true);
  const first = made[0];
  if (first) first.over = true;
  await Promise.resolve();
  await Promise.resolve();
  expect(first?.isClosed).toBe(true);
  expect(made).toHaveLength(1);
  elapse();
  expect(made).toHaveLength(2);
});
