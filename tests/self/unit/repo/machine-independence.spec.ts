import { expect, test } from '@playwright/test';
import { occurrences, trackedFiles } from './repository.ts';

// The patterns are put together from parts, so that this file does not hold what it forbids.
const packageHosts = ['registry.npmjs', 'pypi', 'files.pythonhosted', 'proxy.golang', 'sum.golang', 'deb.debian']
  .map((name) => name.replaceAll('.', String.raw`\.`))
  .join('|');
const packageHost = new RegExp(`\\b(${packageHosts})\\.(org|com)\\b`);
// `/home/somebody` is nobody's: tests use it where a home folder is an input.
const machineFolder = new RegExp(
  `(?<![\\w./~})-])(?!/home/somebody\\b)/(${['root', 'work', 'home', 'tmp'].join('|')})/\\w[\\w./-]*`,
);

test.describe('Machine independence', { tag: '@static' }, () => {
  test('should name no host of a package registry: which one is used is up to the machine', async () => {
    expect(occurrences(packageHost, await trackedFiles())).toEqual([]);
  });

  test("should hold no path of somebody's machine", async () => {
    expect(occurrences(machineFolder, await trackedFiles())).toEqual([]);
  });

  test('should lock packages by hash and not by the place they came from', async () => {
    const lockFiles = (await trackedFiles()).filter(({ path }) => path.endsWith('package-lock.json'));
    expect(lockFiles).toHaveLength(1);
    expect(occurrences(/"resolved": ".*"/, lockFiles)).toEqual([]);
  });

  test('should find a host or a path where there is one', () => {
    const host = ['pypi', 'org'].join('.');
    const folder = ['', 'root', 'clone'].join('/');
    const lines = [`https://${host}/simple`, `cd ${folder}`, 'cd ./work/clone', 'mountPath: /tmp'];
    const planted = [{ path: 'planted', text: lines.join('\n') }];
    expect(occurrences(packageHost, planted)).toEqual([`planted:1: ${host}`]);
    expect(occurrences(machineFolder, planted)).toEqual([`planted:2: ${folder}`]);
  });
});
