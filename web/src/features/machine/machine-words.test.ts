import { GuruError, MAX_TAGS } from '@guruconnect/shared';
import { describe, expect, it } from 'vitest';
import { makeMachine } from '../../../test/support/make-machine.ts';
import { makeSession } from '../../../test/support/make-session.ts';
import { findTargetOf } from './find-target.ts';
import { newlyOnline } from './newly-online.ts';
import { propertyProblems } from './property-problems.ts';
import { peopleOf } from './session-people.ts';
import { withTag } from './tag-list.ts';
import { describeWake, type WakeProgress, wakeRefusal } from './wake-progress.ts';

describe('a wake in plain words', () => {
  it.each<[WakeProgress, RegExp | undefined]>([
    [{ kind: 'idle' }, undefined],
    [{ kind: 'waiting', askedAgents: 1 }, /Asked 1 computer on its network/],
    [{ kind: 'waiting', askedAgents: 3 }, /Asked 3 computers on its network/],
    [{ kind: 'came-online', afterMs: 14_200 }, /came online after 14 s/],
    [{ kind: 'stayed-away', askedAgents: 2 }, /did not come online within 2 minutes/],
  ])('%o', (progress, text) => {
    if (text) expect(describeWake(progress)).toMatch(text);
    else expect(describeWake(progress)).toBeUndefined();
  });

  it.each([
    ['no-peer', /No other online computer/],
    ['online', /online already/],
    ['no-mac', /network card is not known/],
  ])('says why nobody could wake it: %s', (reason, text) => {
    expect(wakeRefusal(new GuruError('conflict', 'No.', { details: { reason } }))).toMatch(text);
  });

  it('passes on what the server says where the reason is new to it', () => {
    const error = new GuruError('conflict', 'It sleeps too deeply.', { details: { reason: 'deep' } });
    expect(wakeRefusal(error)).toBe('It sleeps too deeply.');
  });
});

describe('a link of another program', () => {
  it.each([
    ['host=PC-1', { host: 'PC-1' }],
    ['serial=%20SN-1%20', { serial: 'SN-1' }],
    ['property=rmm.id&value=4711', { property: 'rmm.id', value: '4711' }],
    ['property=rmm.id', undefined],
    ['host=', undefined],
    ['', undefined],
  ])('?%s', (search, target) => {
    expect(findTargetOf(new URLSearchParams(search))).toEqual(target);
  });
});

describe('one more tag', () => {
  it('is trimmed and put at the end', () => {
    expect(withTag(['a'], ' b ')).toEqual({ kind: 'added', tag: 'b', tags: ['a', 'b'] });
  });
  it('is refused when it is there in another case, too long, or one too many', () => {
    expect(withTag(['VIP'], 'vip').kind).toBe('refused');
    expect(withTag([], 'x'.repeat(81)).kind).toBe('refused');
    const full = Array.from({ length: MAX_TAGS }, (_unused, index) => `t${index}`);
    expect(withTag(full, 'more').kind).toBe('refused');
  });
  it('is nothing when it is blank', () => {
    expect(withTag(['a'], '  ')).toEqual({ kind: 'empty' });
  });
});

describe('a custom property', () => {
  it.each([
    ['ticket', '4711', undefined],
    ['1st', 'x', 'key'],
    ['with space', 'x', 'key'],
    ['known', 'x', 'key'],
    ['toString', 'x', undefined],
    ['ticket', '', 'value'],
    ['ticket', 'x'.repeat(501), 'value'],
  ])('%s = %s', (key, value, field) => {
    const problems = propertyProblems({ known: 'y' }, key, value);
    expect(problems ? Object.keys(problems) : undefined).toEqual(field ? [field] : undefined);
  });
});

it('names the owner of a session first, and everybody once', () => {
  const participants = ['Bo', 'Me'].map((name) => ({
    id: name,
    userId: name,
    name,
    grant: { status: 'refused', since: 1 } as const,
    hasControl: false,
    connected: false,
  }));
  expect(peopleOf(makeSession({ participants }))).toBe('Me, Bo');
  expect(peopleOf(makeSession({ owner: null }))).toBe('Nobody');
});

it('tells of a flagged machine that comes online, once for each time', () => {
  const flag = { note: 'Look at it', by: null, at: 1 };
  const row = (online: boolean, attention: typeof flag | null = flag) =>
    makeMachine({ online, attention }).row;
  const away = new Set([row(false).machineId]);
  expect(newlyOnline(away, [row(false)])).toEqual([]);
  expect(newlyOnline(away, [row(true)])).toHaveLength(1);
  expect(newlyOnline(away, [row(true)])).toEqual([]);
  expect(newlyOnline(away, [row(false)])).toEqual([]);
  expect(newlyOnline(away, [row(true, null)])).toEqual([]);
  expect(newlyOnline(away, [row(true)])).toHaveLength(1);
});
