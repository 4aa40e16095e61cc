import { decodeInput, type InputMessage } from '@guruconnect/shared';
import { beforeEach, expect, it } from 'vitest';
import { InputSender, splitText } from './input-sender.ts';

let open: boolean;
let sent: { label: string; message: InputMessage }[];
let ids: number[];
let sender: InputSender;
let nowMs: number;
const place = { display: 0, x: 5, y: 6 };

beforeEach(() => {
  open = true;
  nowMs = 0;
  sent = [];
  ids = [];
  const port = {
    send: (label: string, bytes: Uint8Array<ArrayBuffer>) => {
      if (open) sent.push({ label, message: decodeInput(bytes) });
      return open;
    },
    bufferedBytes: () => 0,
  };
  sender = new InputSender(
    port,
    (inputId) => ids.push(inputId),
    () => nowMs,
  );
});

it('numbers messages from 1 across both channels', () => {
  sender.move(place);
  sender.button(place, 0, true);
  sender.move(place);
  sender.releaseAll();
  expect(sent.map(({ label, message }) => [label, message.type, message.inputId])).toEqual([
    ['move', 'move', 1],
    ['input', 'button', 2],
    ['move', 'move', 3],
    ['input', 'release-all', 4],
  ]);
  expect(ids).toEqual([1, 2, 3, 4]);
});

it('tells the newest place reliably before keys and text, once', () => {
  sender.move({ display: 0, x: 1, y: 1 });
  sender.aim(place);
  sender.keys([{ usage: 4, codePoint: 97, down: true, repeat: false, modifiers: 0 }]);
  sender.text('b');
  sender.move(place);
  sender.settle();
  sender.settle();
  expect(sent.map(({ label, message }) => [label, message.type])).toEqual([
    ['move', 'move'],
    ['input', 'move'],
    ['input', 'key'],
    ['input', 'text'],
    ['move', 'move'],
    ['input', 'move'],
  ]);
  expect(sent[1]?.message).toMatchObject(place);
});

it('takes a button or a turned wheel as having told the place', () => {
  sender.move(place);
  sender.button(place, 0, true);
  sender.settle();
  sender.move(place);
  sender.wheel(place, 0, 120);
  sender.settle();
  expect(sent.map(({ label }) => label)).toEqual(['move', 'input', 'move', 'input']);
});

it('does not use up a number for what could not be sent', () => {
  open = false;
  sender.move(place);
  open = true;
  sender.move(place);
  expect(ids).toEqual([1]);
});

it('presses a shortcut in order and lets it go in reverse', () => {
  sender.chord([0xe0, 0xe2, 0x4c]);
  const keys = sent.map(({ message }) => message.type === 'key' && [message.usage, message.down]);
  expect(keys).toEqual([
    [0xe0, true],
    [0xe2, true],
    [0x4c, true],
    [0x4c, false],
    [0xe2, false],
    [0xe0, false],
  ]);
});

it('sends no wheel message for no turn', () => {
  sender.wheel(place, 0, 0);
  expect(sent).toEqual([]);
});

it('cuts long text between characters', () => {
  expect(splitText('añ😀b', 4)).toEqual(['añ', '😀', 'b']);
  expect(splitText('')).toEqual([]);
});

it('leaves out half characters', () => {
  expect(splitText('a\ud800b')).toEqual(['ab']);
});
