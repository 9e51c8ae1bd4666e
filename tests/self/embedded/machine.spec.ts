import { expect, test } from '@playwright/test';
import { machineMistakes } from '../../../helpers/cluster/embedded/machine.ts';
import type { MachineFacts } from '../../../helpers/cluster/embedded/machine.ts';

const good: MachineFacts = {
  platform: 'linux',
  userId: 0,
  hasApt: true,
  freeGiB: { '/cache': 40, '/state': 40 },
  warm: false,
  conflictingRoute: undefined,
};
const network = { network: '10.199' };
const places = (facts: Partial<MachineFacts>) =>
  machineMistakes({ ...good, ...facts }, network).map(({ where }) => where);

test.describe('machine for the embedded cluster', { tag: '@static' }, () => {
  test('should be accepted when nothing is wrong', () => {
    expect(places({})).toEqual([]);
  });

  test('should be refused when it is not Linux, and for nothing else then', () => {
    const [mistake, ...others] = machineMistakes({ ...good, platform: 'darwin', userId: 501, hasApt: false }, network);
    expect(mistake?.what).toBe('The embedded cluster needs Linux, this is darwin');
    expect(mistake?.fix).toContain('kind');
    expect(others).toEqual([]);
  });

  test('should be refused without root, without apt, without disk and with a conflicting route: all at once', () => {
    const facts = {
      userId: 1000,
      hasApt: false,
      freeGiB: { '/cache': 3, '/state': 40 },
      conflictingRoute: '10.199.3.0/24 dev eth1',
    };
    expect(places(facts)).toEqual(['user id 1000', '/usr/bin/apt-get', '/cache', 'SEATRIAL_NETWORK']);
  });

  test('should need less disk once everything is built', () => {
    const freeGiB = { '/cache': 5, '/state': 5 };
    expect(places({ freeGiB })).toEqual(['/cache', '/state']);
    expect(places({ freeGiB, warm: true })).toEqual([]);
  });
});
