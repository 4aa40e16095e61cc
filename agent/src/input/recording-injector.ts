import type { Injector, KeyInput } from './injector.ts';

/** What a {@link RecordingInjector} was asked to do. */
export type InjectedEvent =
  | { readonly type: 'move'; readonly x: number; readonly y: number }
  | { readonly type: 'button'; readonly button: number; readonly down: boolean }
  | { readonly type: 'wheel'; readonly dx: number; readonly dy: number }
  | ({ readonly type: 'key' } & KeyInput)
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'held'; readonly usages: readonly number[] }
  | { readonly type: 'release-all' }
  | { readonly type: 'close' };

/** An injector without a desktop: it keeps a list, for tests and for agents that only show their screen. */
export class RecordingInjector implements Injector {
  readonly events: InjectedEvent[] = [];

  move(x: number, y: number): void {
    this.events.push({ type: 'move', x, y });
  }

  button(button: number, down: boolean): void {
    this.events.push({ type: 'button', button, down });
  }

  wheel(dx: number, dy: number): void {
    this.events.push({ type: 'wheel', dx, dy });
  }

  key(input: KeyInput): void {
    this.events.push({ type: 'key', ...input });
  }

  text(text: string): void {
    this.events.push({ type: 'text', text });
  }

  held(usages: readonly number[]): void {
    this.events.push({ type: 'held', usages: [...usages] });
  }

  releaseAll(): void {
    this.events.push({ type: 'release-all' });
  }

  close(): void {
    this.events.push({ type: 'close' });
  }
}
