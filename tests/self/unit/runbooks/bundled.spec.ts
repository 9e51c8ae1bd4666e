import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { failures } from '../../../../helpers/failures/catalogue.ts';
import { injectors } from '../../../../helpers/failures/index.ts';
import { readRunbooks, runbookFor } from '../../../../helpers/runbooks/folder.ts';
import { roles, topics } from '../../../../helpers/runbooks/types.ts';
import { thresholds } from '../../../../helpers/verdict/thresholds.ts';

const folder = join(import.meta.dirname, '../../../../fixtures/targets/contextforge/docs/runbooks');
const runbooks = readRunbooks(folder);

test.describe('bundled runbooks', { tag: '@static' }, () => {
  for (const { id } of failures) {
    test(`should say everything about ${id}, with blocks of each kind and limits that are kept to`, () => {
      const runbook = runbookFor(id, runbooks);
      expect(runbook?.mistakes).toEqual([]);
      expect(runbook?.topics).toEqual([...topics]);
      expect(new Set(runbook?.blocks.map(({ role }) => role))).toEqual(new Set(roles));
      expect(runbook?.severity).toMatch(/^P[0-3]$/);
      expect(runbook?.limits.detectMs).toBeLessThanOrEqual(thresholds.failureDetected.value);
      expect(runbook?.limits.recoverMs).toBeLessThanOrEqual(thresholds.failureRecovered.value);
    });
  }

  test('should be one a failure, and each failure should have a way to be made', () => {
    expect(runbooks.flatMap((runbook) => runbook.failures).toSorted()).toEqual(failures.map(({ id }) => id).toSorted());
    expect(Object.keys(injectors).toSorted()).toEqual(failures.map(({ id }) => id).toSorted());
  });

  test('should link to nothing that is not there', () => {
    const dead = readdirSync(folder).flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      return [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map(([, link = '']) => link)
        .filter((link) => !link.startsWith('https:') && !existsSync(join(dirname(join(folder, name)), link)))
        .map((link) => `${name}: ${link}`);
    });
    expect(dead).toEqual([]);
  });
});
