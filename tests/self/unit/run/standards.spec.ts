import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { modelPlan } from '../../../../helpers/experiments/model-plan.ts';
import { runExperiment } from '../../../../helpers/experiments/runner.ts';
import { leftOutStandards } from '../../../../helpers/run/standards.ts';
import { readRunFolder, writeVerdict } from '../../../../helpers/verdict/run-folder.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import { counted, runnerOptions } from '../experiments/ask.ts';
import { model } from '../target/model.ts';

test.describe('Standards and kinds of targets', { tag: '@static' }, () => {
  test('should leave the specs of standards for other kinds out of a run, and say so', async () => {
    const [gateway, one] = await Promise.all([leftOutStandards('McpGateway'), leftOutStandards('Model')]);
    expect(gateway.specs).toEqual(['protocol-20/**']);
    expect(gateway.reasons).toEqual([
      expect.stringMatching(/^Protocol 20.* is for targets of kind Model, and this one is of kind McpGateway$/),
    ]);
    expect(one.specs).toEqual(['category-8/**']);
  });

  test('should refuse an experiment on a target of the other kind, before anything is written', async ({}, testInfo) => {
    const options = runnerOptions(testInfo.outputPath());
    const asModel = { ...options, target: { ...model(), file: 'target.yaml', folder: '.' } };
    await expect(runExperiment(modelPlan, options)).rejects.toThrow(
      /is of kind McpGateway, and this is for targets of kind Model/,
    );
    await expect(runExperiment(counted, asModel)).rejects.toThrow(
      /is of kind Model, and this is for targets of kind McpGateway/,
    );
    expect(readRunFolder(testInfo.outputPath()).targets).toEqual([]);
  });

  test('should judge a run by the standards for its kind alone, with a scorecard of those', async ({}, testInfo) => {
    const folder = testInfo.outputPath('run');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'run.json'),
      JSON.stringify({ id: 'x', complete: true, target: 'model', targetKind: 'Model' }),
    );
    const options = runnerOptions(folder);
    await runExperiment(modelPlan, { ...options, target: { ...model(), file: 'target.yaml', folder: '.' } });
    const { standards } = writeVerdict(folder, await loadStandards());
    expect(standards.map(({ standard }) => standard)).toEqual(['protocol-20']);
    const statuses = new Set(standards[0]?.items.map(({ id, status }) => `${id.replace(/-.*/, '')} ${status}`));
    expect([...statuses].filter((status) => !status.endsWith('not-run'))).toEqual(['planning pass']);
  });
});
