import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { filesBelow } from '../../../../helpers/files.ts';
import { stageSuite } from '../../../../helpers/images/suite.ts';

const packages = {
  '': {},
  'node_modules/used': {},
  'node_modules/used/node_modules/deep': {},
  'node_modules/used/node_modules/tool': { dev: true },
  'node_modules/linter': { dev: true },
  'node_modules/node': {},
  'node_modules/node/node_modules/node-bin': {},
  'node_modules/for-another-system': {},
};

/** A repository with runs, and with packages of all kinds. */
function repository(): string {
  const root = test.info().outputPath('repository');
  const installed = Object.keys(packages).filter((path) => path !== '' && !path.endsWith('system'));
  const files = {
    'package-lock.json': JSON.stringify({ packages }),
    'package.json': '{}',
    LICENSE: '',
    'playwright.config.ts': '',
    'bin/seatrial.js': '',
    'fixtures/test.ts': '',
    'helpers/a/b.ts': 'export {};',
    'tests/category-8/standard.ts': '',
    'reports/views.ts': '',
    'reports/live/lines.ts': '',
    'reports/runs/20261121-100000-abcd/run.json': '{}',
    'reports/allure-history.jsonl': '',
    '.git/config': '',
    'secret.yaml': '',
    ...Object.fromEntries(
      installed.flatMap((path) => [`${path}/package.json`, `${path}/lib/index.js`].map((file) => [file, ''])),
    ),
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

test.describe('The image of the suite', { tag: '@static' }, () => {
  test('should hold the suite and the packages that it needs at run time, and nothing else', async () => {
    const folder = test.info().outputPath('staged');
    await stageSuite(folder, repository());
    expect(filesBelow(join(folder, 'suite'))).toEqual([
      'LICENSE',
      'bin/seatrial.js',
      'fixtures/test.ts',
      'helpers/a/b.ts',
      'node_modules/used/lib/index.js',
      'node_modules/used/node_modules/deep/lib/index.js',
      'node_modules/used/node_modules/deep/package.json',
      'node_modules/used/package.json',
      'package-lock.json',
      'package.json',
      'playwright.config.ts',
      'reports/live/lines.ts',
      'reports/views.ts',
      'tests/category-8/standard.ts',
    ]);
    expect(readFileSync(join(folder, 'suite/helpers/a/b.ts'), 'utf8')).toBe('export {};');
  });
});
