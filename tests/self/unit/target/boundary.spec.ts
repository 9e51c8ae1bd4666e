import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { boundaryOf, unsafeCopy } from '../../../../helpers/target/boundary.ts';

/** A repository with a chart, and beside it a file that is none of its business. */
function repository() {
  const root = test.info().outputPath('root');
  const chart = join(root, 'repository/chart');
  for (const folder of ['repository/.git', 'repository/shared', 'repository/chart/templates'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['outside.yaml', 'repository/shared/common.yaml', 'repository/chart/Chart.yaml'])
    writeFileSync(join(root, file), '');
  return { root, chart, boundary: boundaryOf(chart) };
}

test.describe('what may be copied with what its links lead to', { tag: '@static' }, () => {
  test('should be a folder without links, and one whose links stay in the repository', () => {
    const { chart, boundary } = repository();
    expect(unsafeCopy(chart, boundary)).toBeUndefined();
    symlinkSync('../../shared/common.yaml', join(chart, 'templates/common.yaml'));
    symlinkSync('../shared', join(chart, 'files'));
    expect(unsafeCopy(chart, boundary)).toBeUndefined();
  });

  const traps: [what: string, lay: (chart: string, root: string) => void, problem: RegExp][] = [
    [
      'a link out of the repository',
      (chart, root) => {
        symlinkSync(join(root, 'outside.yaml'), join(chart, 'templates/key.yaml'));
      },
      /holds the link templates\/key\.yaml, which leads out of/,
    ],
    [
      'a link to a folder out of the repository',
      (chart) => {
        symlinkSync('../../..', join(chart, 'files'));
      },
      /holds the link files, which leads out of/,
    ],
    [
      'a link in a folder that it links to',
      (chart, root) => {
        symlinkSync(join(root, 'outside.yaml'), join(root, 'repository/shared/key.yaml'));
        symlinkSync('../shared', join(chart, 'files'));
      },
      /holds the link files\/key\.yaml, which leads out of/,
    ],
    [
      'a link to nowhere',
      (chart) => {
        symlinkSync('nowhere', join(chart, 'files'));
      },
      /files, which leads nowhere/,
    ],
    [
      'a link in a circle',
      (chart) => {
        symlinkSync('..', join(chart, 'templates/again'));
      },
      /templates\/again, which leads in a circle/,
    ],
    [
      'folders that multiply by links',
      (chart) => {
        mkdirSync(join(chart, 'd0'));
        for (let depth = 1; depth < 30; depth++) {
          mkdirSync(join(chart, `d${String(depth)}`));
          for (const side of ['a', 'b'])
            symlinkSync(`../d${String(depth - 1)}`, join(chart, `d${String(depth)}`, side));
        }
      },
      /holds more than 20000 files/,
    ],
  ];
  for (const [what, lay, problem] of traps)
    test(`should not be a folder with ${what}`, () => {
      const { root, chart, boundary } = repository();
      lay(chart, root);
      expect(unsafeCopy(chart, boundary)).toMatch(problem);
    });

  test('should leave alone what is not copied', () => {
    const { root, chart, boundary } = repository();
    mkdirSync(join(chart, 'node_modules'));
    symlinkSync(join(root, 'outside.yaml'), join(chart, 'node_modules/key'));
    expect(unsafeCopy(chart, boundary, ['node_modules'])).toBeUndefined();
  });
});
