import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { loadArchitecture } from '../../../../helpers/architecture/load.ts';
import { gitopsStatic } from '../../../../helpers/experiments/gitops-static.ts';
import { runExperiment } from '../../../../helpers/experiments/runner.ts';
import { knownCharts } from '../../../../helpers/gitops/tree/known-charts.ts';
import { loadTarget } from '../../../../helpers/target/load.ts';
import { gitopsStatic as checks } from '../../../../helpers/verdict/checks/index.ts';
import { evaluateItem } from '../../../../helpers/verdict/evaluate.ts';
import { runnerOptions } from '../experiments/ask.ts';
import { root } from '../repo/repository.ts';

const folder = join(root, 'fixtures/targets/arcade');

test.describe('The target arcade', { tag: '@static' }, () => {
  test('should be valid, and install nothing beside what is there', () => {
    const target = loadTarget(folder);
    expect(target.existing).toEqual({ namespace: 'arcade' });
    expect(target.releases).toMatchObject([{ name: 'arcade', chart: { version: '1.8.8' } }]);
  });

  test('should name its five components alike in its architecture and where their budgets are judged', () => {
    const { components } = loadArchitecture(join(folder, 'architecture.yaml'));
    const selectors = Object.fromEntries(components.map(({ name, selector }) => [name, selector]));
    expect(selectors).toEqual(knownCharts.get('arcade')?.unprotected);
    expect(components).toHaveLength(5);
  });

  test('should hold no address of a chart that differs from that of its Flux tree', () => {
    const release = readFileSync(join(folder, 'gitops/apps/arcade/release/helmrelease.yaml'), 'utf8');
    const { url = '', version = '' } =
      /url: (?<url>oci:.*)[\s\S]*version: (?<version>[\d.]+)/.exec(release)?.groups ?? {};
    expect(loadTarget(folder).releases.map(({ chart }) => chart)).toEqual([{ oci: `${url}/arcade`, version }]);
  });

  test('should pass every static check of GitOps but the one that needs evidence from the vendor', async ({}, testInfo) => {
    const options = { ...runnerOptions(testInfo.outputPath()), target: loadTarget(folder) };
    const history = await runExperiment(gitopsStatic, options);
    const item = evaluateItem(
      { id: 'gate', kind: 'gate', text: '', checks: Object.values(checks) },
      new Map([['gitops.static', history]]),
    );
    const others = item.checks
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ id, verdict, seen }) => [id, verdict, seen]);
    expect(others).toEqual([
      [
        'gitops.configuration-is-in-git',
        'inconclusive',
        'the target does not say where its gateway configuration is in Git; the target does not say where its policy configuration is in Git',
      ],
    ]);
  });
});
