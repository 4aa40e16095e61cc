import { beforeEach, expect, it } from 'vitest';
import { MoveCoalescer } from './move-coalescer.ts';

let sent: number[];
let frames: (() => void)[];
let buffered: number;
let moves: MoveCoalescer<number>;

const runFrame = () => {
  for (const callback of frames.splice(0)) callback();
};

beforeEach(() => {
  sent = [];
  frames = [];
  buffered = 0;
  moves = new MoveCoalescer({
    send: (place) => sent.push(place),
    bufferedBytes: () => buffered,
    nextFrame: (callback) => frames.push(callback),
  });
});

it('sends the first move after a pause at once', () => {
  moves.update(1);
  expect(sent).toEqual([1]);
});

it('sends only the newest of the moves within a frame', () => {
  for (const place of [1, 2, 3, 4]) moves.update(place);
  runFrame();
  expect(sent).toEqual([1, 4]);
});

it('does not ask for frames once the pointer rests', () => {
  moves.update(1);
  runFrame();
  expect(frames).toHaveLength(0);
  moves.update(2);
  expect(sent).toEqual([1, 2]);
});

it('waits for a busy channel and then sends the newest', () => {
  moves.update(1);
  buffered = 500;
  moves.update(2);
  runFrame();
  moves.update(3);
  expect(sent).toEqual([1]);
  buffered = 0;
  runFrame();
  expect(sent).toEqual([1, 3]);
});

it('drops the waiting move when a button has told a newer place', () => {
  moves.update(1);
  moves.update(2);
  moves.cancel();
  runFrame();
  expect(sent).toEqual([1]);
});
