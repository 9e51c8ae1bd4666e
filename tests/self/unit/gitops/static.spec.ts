import { expect, test } from '@playwright/test';
import { gitopsStatic } from '../../../../helpers/verdict/checks/index.ts';
import { evaluateItem } from '../../../../helpers/verdict/evaluate.ts';
import type { History } from '../../../../helpers/history/history.ts';
import { NO_TREE } from '../../../../helpers/verdict/gitops-facts.ts';
import { flawlessTree, historyOf, historyOfFacts } from './tree.ts';
import { twins } from './twins.ts';

const checks = Object.values(gitopsStatic);

/** Verdicts by the ids of the checks. */
function verdicts(history: History): Record<string, { verdict: string; seen: string }> {
  const histories = new Map([['gitops.static', history]]);
  const item = evaluateItem({ id: 'gate', kind: 'gate', text: '', checks }, histories, { notApplicable: {} });
  return Object.fromEntries(item.checks.map(({ id, verdict, seen }) => [id, { verdict, seen }]));
}

const withVerdict = (found: ReturnType<typeof verdicts>, verdict: string) =>
  Object.entries(found)
    .filter(([, one]) => one.verdict === verdict)
    .map(([id, { seen }]) => `${id}: ${seen}`);

test.describe('A Git tree', { tag: '@static' }, () => {
  test('should pass every check when nothing is wrong in it', () => {
    const found = verdicts(historyOf(flawlessTree));
    expect([...withVerdict(found, 'fail'), ...withVerdict(found, 'inconclusive')]).toEqual([]);
  });

  for (const { what, check, tree } of twins) {
    test(`should fail ${check} and no other check with ${what}`, () => {
      const found = verdicts(historyOf(tree));
      expect(withVerdict(found, 'fail')).toEqual([expect.stringMatching(new RegExp(`^${check}: .`))]);
      // What cannot be read may hold anything, so nothing else passes then.
      const others = check === 'gitops.tree-is-readable' ? checks.length - 1 : 0;
      expect(withVerdict(found, 'inconclusive')).toHaveLength(others);
    });
  }

  test('should have a broken twin for every check', () => {
    expect([...new Set(twins.map(({ check }) => check))].toSorted()).toEqual(checks.map(({ id }) => id).toSorted());
  });

  test('should never carry a credential into the history', () => {
    const texts = twins.map(({ tree }) => JSON.stringify(historyOf(tree).records));
    for (const text of texts) expect(text).not.toMatch(/hunter2|aHVudGVy|BEGIN PRIVATE/);
  });

  test('should tell where a credential stands: file, line and key', () => {
    const tree = {
      ...flawlessTree,
      'release/values.yaml': `${flawlessTree['release/values.yaml'] ?? ''}password: hunter2\n`,
    };
    expect(historyOf(tree).fact('gitops.credentials')).toEqual([
      { place: 'release/values.yaml:6 password', key: 'password', how: 'value' },
    ]);
  });

  test('should leave everything inconclusive that is about HelmReleases where there is none', () => {
    const found = verdicts(
      historyOf({ 'apps/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: trial }\n' }),
    );
    expect(withVerdict(found, 'fail')).toEqual([
      'gitops.configuration-is-in-git: ' + (found['gitops.configuration-is-in-git']?.seen ?? ''),
    ]);
    expect(found['gitops.charts-are-pinned']).toEqual({
      verdict: 'inconclusive',
      seen: 'the tree has no HelmRelease: there is nothing to judge',
    });
    expect(withVerdict(found, 'inconclusive').length).toBeGreaterThan(9);
  });

  test('should leave everything inconclusive when it is empty', () => {
    const found = verdicts(historyOf({ 'apps/README.md': '# Nothing here' }));
    expect(withVerdict(found, 'pass')).toEqual([]);
  });

  test('should leave everything inconclusive when the target declares none', () => {
    const found = verdicts(historyOfFacts({ [NO_TREE]: true }));
    expect(withVerdict(found, 'inconclusive')).toHaveLength(checks.length);
    expect(new Set(Object.values(found).map(({ seen }) => seen))).toEqual(
      new Set(['the target declares no gitops.tree: there is nothing to judge']),
    );
  });
});
