import { type GroupCount, SMART_GROUPS } from '@guruconnect/shared';
import { expect, it } from 'vitest';
import { groupAsQuery } from './group-as-query.ts';
import { groupTree, narrow, titleOfGroup } from './group-tree.ts';

const group = (key: string, title: string, count: number, parent: string | null = null): GroupCount => ({
  key,
  title,
  count,
  parent,
});
const COUNTS = new Map(
  [
    group('all', 'All', 12),
    group('company:1', 'Zeta', 5),
    group('company:2', 'alpha', 7),
    group('site:11', 'Room 10', 2, 'company:1'),
    group('site:12', 'Room 9', 3, 'company:1'),
    group('site:21', 'Main "old" hall', 7, 'company:2'),
    group('os:Debian GNU/Linux 12', 'Debian GNU/Linux 12', 12),
    group('tag:vip', 'vip', 1),
    group('smart:attention', 'Attention', 2),
    group('filter:f1', 'Mine', 4),
  ].map((one) => [one.key, one]),
);

it('sorts groups as people read them, sites under their company, the preferred section first', () => {
  const tree = groupTree(COUNTS, 'tag');
  expect(tree.all).toBe(12);
  expect(tree.sections.map(({ id }) => id)).toEqual(['tag', 'company', 'site', 'os', 'type']);
  const companies = tree.sections[1]?.groups ?? [];
  expect(companies.map(({ title }) => title)).toEqual(['alpha', 'Zeta']);
  expect(companies[1]?.children.map(({ title }) => title)).toEqual(['Room 9', 'Room 10']);
});

it('shows every smart group, with none where nothing was counted', () => {
  const { smart } = groupTree(COUNTS, 'company');
  expect(smart.map(({ title }) => title)).toEqual(SMART_GROUPS.map(({ title }) => title));
  expect(smart.map(({ count }) => count)).toEqual([2, 0, 0, 0, 0, 0, 0, 0]);
});

it('narrows companies by their sites too', () => {
  const companies = groupTree(COUNTS, 'company').sections[0]?.groups ?? [];
  expect(narrow(companies, 'ROOM 9')).toMatchObject([{ title: 'Zeta', children: [{ title: 'Room 9' }] }]);
  expect(narrow(companies, 'alp').map(({ title }) => title)).toEqual(['alpha']);
  expect(narrow(companies, 'nothing')).toEqual([]);
});

it('names a group after its last machine left it', () => {
  expect(titleOfGroup('company:1', COUNTS)).toBe('Zeta');
  expect(titleOfGroup('tag:gone', COUNTS)).toBe('gone');
  expect(titleOfGroup('smart:outdated', COUNTS)).toBe('Outdated agents');
  expect(titleOfGroup('company:unknown', COUNTS)).toBe('Group');
});

it.each([
  ['company:2', '', 'company:alpha'],
  ['site:21', 'pc', 'company:alpha site:"Main \\"old\\" hall" pc'],
  ['os:Debian GNU/Linux 12', '', 'os:"Debian GNU/Linux 12"'],
  ['smart:attention', 'tag:vip', 'is:flagged tag:vip'],
  ['filter:f1', '', 'is:online'],
  ['all', 'word', 'word'],
])('keeps the group %s with the query "%s" as %s', (key, query, expected) => {
  expect(groupAsQuery({ group: key, query }, COUNTS, [{ filterId: 'f1', query: 'is:online' }])).toBe(
    expected,
  );
});
