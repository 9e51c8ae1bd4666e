import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ESLint } from 'eslint';
import { root } from './repository.ts';

const rule = 'import-x/no-restricted-paths';

const refused = [
  { from: 'helpers/errors.ts', to: '../fixtures/test.ts' },
  { from: 'helpers/errors.ts', to: '../tests/category-8/standard.ts' },
  { from: 'helpers/errors.ts', to: '../reports/reporter.ts' },
  { from: 'helpers/verdict/types.ts', to: '../../reports/views.ts' },
  { from: 'helpers/cli/main.ts', to: '../../fixtures/test.ts' },
  { from: 'fixtures/test.ts', to: '../tests/category-8/standard.ts' },
  { from: 'reports/reporter.ts', to: '../fixtures/test.ts' },
  { from: 'reports/reporter.ts', to: '../helpers/cluster/provider.ts' },
  { from: 'tests/category-8/standard.ts', to: '../self/unit/repo/repository.ts' },
];

const allowed = [
  { from: 'tests/category-8/gates/x.spec.ts', to: '../standard.ts' },
  { from: 'tests/category-8/gates/x.spec.ts', to: '../../../fixtures/test.ts' },
  { from: 'tests/self/unit/x.spec.ts', to: '../../category-8/standard.ts' },
  { from: 'fixtures/test.ts', to: '../helpers/errors.ts' },
  { from: 'helpers/cli/report.ts', to: '../../reports/views.ts' },
  { from: 'reports/reporter.ts', to: '../helpers/verdict/types.ts' },
  { from: 'reports/reporter.ts', to: '../helpers/errors.ts' },
];

test.describe('Import directions', { tag: '@static' }, () => {
  for (const { from, to } of refused) {
    test(`should refuse ${to} in ${from}`, async () => {
      expect(await complaints(from, to)).toEqual([rule]);
    });
  }

  for (const { from, to } of allowed) {
    test(`should allow ${to} in ${from}`, async () => {
      expect(await complaints(from, to)).toEqual([]);
    });
  }
});

/** Lints one import with the repository's own configuration, without types, since the rule under test needs none. */
async function complaints(from: string, to: string): Promise<(string | null)[]> {
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
    ruleFilter: ({ ruleId }) => ruleId === rule,
  });
  const results = await eslint.lintText(`import '${to}';\n`, { filePath: join(root, from) });
  return results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId));
}
