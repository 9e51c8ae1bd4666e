import { expect, test } from '@playwright/test';
import { evaluateItem } from '../../../../helpers/verdict/evaluate.ts';
import type { Verdict } from '../../../../helpers/verdict/types.ts';
import standard from '../../../category-8/standard.ts';
import { flawlessFacts, historyOf, writeFacts, type Brought } from './real-facts.ts';
import { twins } from './twins.ts';

test.describe('Broken twins of facts about support', { tag: '@static' }, () => {
  test('should all pass, with full marks, on facts without a defect', async () => {
    expect(await verdicts(flawlessFacts())).toEqual({
      red: {},
      'criterion-6': 5,
      'criterion-7': 5,
      'gate-dedicated-se': 'pass',
    });
  });

  for (const { defect, breaks, red } of twins) {
    test(`should turn exactly ${Object.keys(red).join(', ')} red on ${defect}`, async () => {
      const brought = flawlessFacts();
      breaks(brought);
      const found = await verdicts(brought);
      expect(found.red).toEqual(red);
      const criterion = Object.keys(red).some((id) => id.startsWith('escalation.')) ? 'criterion-7' : 'criterion-6';
      expect(found[criterion]).toBeLessThan(5);
    });
  }
});

async function verdicts(brought: Brought) {
  const folder = test.info().outputPath('target');
  writeFacts(folder, brought);
  const histories = new Map([['support.facts', await historyOf(folder, 'facts.yaml')]]);
  const items = standard.items
    .map((item) => evaluateItem(item, histories))
    .filter(({ id }) => ['criterion-6', 'criterion-7', 'gate-dedicated-se'].includes(id));
  const red = items.flatMap(({ checks }) => checks.filter(({ verdict }) => verdict !== 'pass'));
  return {
    red: Object.fromEntries(red.map(({ id, verdict }) => [id, verdict])),
    ...Object.fromEntries(items.map(({ id, status, score }) => [id, score ?? status])),
  } as { red: Record<string, Verdict> } & Record<string, unknown>;
}
