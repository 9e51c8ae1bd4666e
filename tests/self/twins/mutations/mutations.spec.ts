import { expect, test } from '@playwright/test';
import { redIn } from './judge.ts';
import { declaredRates } from './rate.ts';
import { renderCharts } from './rendered.ts';

/** Of each kind; the report is made of more. */
const MUTANTS = 25;
const LEAST = 0.95;

test.describe('Random mutations of the bundled charts', { tag: '@static' }, () => {
  test('should be found for every declared kind, and nothing without one', async ({}, testInfo) => {
    const rendering = await renderCharts(testInfo.outputPath());
    expect(redIn(rendering)).toEqual([]);
    const rates = declaredRates(rendering, MUTANTS);
    const survived = rates.filter(({ killed, mutants }) => killed / mutants < LEAST);
    expect(survived.map(({ kind, killed }) => `${kind}: ${String(killed)} of ${String(MUTANTS)}`)).toEqual([]);
  });
});
