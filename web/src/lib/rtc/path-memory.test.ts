import { expect, it } from 'vitest';
import { createPathMemory } from './path-memory.ts';

function storage(value: string | null = null) {
  return {
    getItem: () => value,
    setItem: (_key: string, text: string) => {
      value = text;
    },
    read: () => value,
  };
}

it('remembers each session for itself and forgets when WebRTC worked', () => {
  const shared = storage();
  const first = createPathMemory('a', shared);
  expect(first.wantsRelay).toBe(false);
  first.note(true);
  expect(first.wantsRelay).toBe(true);
  expect(createPathMemory('b', shared).wantsRelay).toBe(false);
  first.note(false);
  expect(createPathMemory('a', shared).wantsRelay).toBe(false);
});

it('keeps the last twenty', () => {
  const shared = storage();
  for (let index = 0; index < 30; index += 1) createPathMemory(`s${index}`, shared).note(true);
  expect(JSON.parse(shared.read() ?? '')).toHaveLength(20);
  expect(createPathMemory('s29', shared).wantsRelay).toBe(true);
});

it('does without a storage that is broken or refuses', () => {
  expect(createPathMemory('a', storage('{')).wantsRelay).toBe(false);
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new Error('full');
    },
  };
  expect(() => createPathMemory('a', full).note(true)).not.toThrow();
});
