import { decodeInput, type InputMessage, type ViewerControlMessage } from '@guruconnect/shared';
import { beforeEach, describe, expect, it } from 'vitest';
import { InputHandover } from './input-handover.ts';
import { RESEND_MS } from './input-log.ts';
import { InputSender } from './input-sender.ts';

let nowMs: number;
let timers: { atMs: number; callback: () => void }[];
const timing = {
  now: () => nowMs,
  after: (ms: number, callback: () => void) => {
    const timer = { atMs: nowMs + ms, callback };
    timers.push(timer);
    return () => {
      timers = timers.filter((one) => one !== timer);
    };
  },
  random: () => 0,
};
let handover: InputHandover;

beforeEach(() => {
  nowMs = 100;
  timers = [];
  handover = new InputHandover(timing);
});

function advance(ms: number): void {
  nowMs += ms;
  for (const timer of timers.filter(({ atMs }) => atMs <= nowMs)) timer.callback();
}

/** A peer of the machine: what was sent over it, and what its agent was asked. */
function peer(peerId: string) {
  const sent: InputMessage[] = [];
  const told: ViewerControlMessage[] = [];
  const port = {
    send: (_label: 'move' | 'input', bytes: Uint8Array<ArrayBuffer>) => sent.push(decodeInput(bytes)) > 0,
    bufferedBytes: () => 0,
  };
  const sender = new InputSender(port, () => {}, timing.now);
  const line = { sender, peerId, tell: (message: ViewerControlMessage) => told.push(message) > 0 };
  return { sender, line, sent, told };
}

const texts = (sent: readonly InputMessage[]) =>
  sent.map((message) => (message.type === 'text' ? message.text : message.type));

describe('input that goes on over another peer', () => {
  it('is sent again as far as the agent did not carry it out, before what came later', () => {
    const [old, next] = [peer('old'), peer('next')];
    handover.goOn(old.line);
    for (const text of ['a', 'b', 'c']) old.sender.text(text);
    handover.goOn(next.line);
    expect(next.told).toEqual([{ type: 'resume', peerId: 'old' }]);
    handover.sender?.text('d');
    expect(next.sent).toEqual([]);
    handover.resumed('old', 1);
    expect(texts(next.sent)).toEqual(['b', 'c', 'd']);
    expect(next.sent.map(({ inputId }) => inputId)).toEqual([1, 2, 3]);
    handover.resumed('old', 0);
    expect(next.sent).toHaveLength(3);
  });

  it('does not wait when nothing was sent of late', () => {
    const [old, next] = [peer('old'), peer('next')];
    handover.goOn(old.line);
    old.sender.text('a');
    advance(RESEND_MS + 1);
    handover.goOn(next.line);
    expect(next.told).toEqual([]);
    handover.sender?.text('b');
    expect(texts(next.sent)).toEqual(['b']);
  });

  it('is not sent again when it is old, since the screen may be another one', () => {
    const [old, next] = [peer('old'), peer('next')];
    handover.goOn(old.line);
    old.sender.text('old');
    advance(RESEND_MS - 100);
    old.sender.text('new');
    advance(200);
    handover.goOn(next.line);
    handover.resumed('old', 0);
    expect(texts(next.sent)).toEqual(['new']);
  });

  it('goes on without an answer after a second', () => {
    const [old, next] = [peer('old'), peer('next')];
    handover.goOn(old.line);
    old.sender.text('a');
    handover.goOn(next.line);
    handover.sender?.text('b');
    advance(1_000);
    expect(texts(next.sent)).toEqual(['b']);
  });

  it('leaves moves of the pointer out', () => {
    const [old, next] = [peer('old'), peer('next')];
    handover.goOn(old.line);
    old.sender.move({ display: 0, x: 1, y: 2 });
    old.sender.text('a');
    handover.goOn(next.line);
    handover.sender?.move({ display: 0, x: 3, y: 4 });
    handover.resumed('old', 0);
    // The place itself was told reliably before the text.
    expect(texts(next.sent)).toEqual(['move', 'a']);
  });
});
