import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findHelm } from '../../../../helpers/cluster/tools.ts';
import { loadOptions } from '../../../../helpers/config/options.ts';
import { describeSource } from '../../../../helpers/helm/chart.ts';
import { Helm } from '../../../../helpers/helm/helm.ts';
import type { ChartSource } from '../../../../helpers/target/schema.ts';

const VERSION = '1.36';

/** A chart with one ConfigMap that shows a text and a number; `files` change or add to it. */
function writeChart(folder: string, files: Record<string, string> = {}): string {
  const chart = {
    'Chart.yaml': 'apiVersion: v2\nname: sample\nversion: 1.2.3\nappVersion: "1.0"\n',
    'values.yaml': 'text: hello\nreplicas: 1\n',
    'values.schema.json': JSON.stringify({
      type: 'object',
      additionalProperties: false,
      properties: { text: { type: 'string' }, replicas: { type: 'integer' } },
    }),
    'templates/config.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }} }\ndata: { text: {{ .Values.text | quote }} }\n',
    ...files,
  };
  mkdirSync(join(folder, 'templates'), { recursive: true });
  for (const [name, content] of Object.entries(chart)) writeFileSync(join(folder, name), content);
  return folder;
}

test.describe('Charts, by the real helm', { tag: '@static' }, () => {
  let helm: Helm;

  test.beforeEach(async ({}, testInfo) => {
    const { cacheFolder } = loadOptions();
    const binary = await findHelm({ cacheFolder, progress: () => undefined });
    helm = new Helm({ binary, home: testInfo.outputPath('home') });
  });

  async function template(base: string, values: { files?: string[]; set?: Record<string, string | number> } = {}) {
    return helm.template({ name: 'trial', chart: await helm.resolve({ path: 'chart' }, base), ...values }, VERSION);
  }

  test('should be resolved, linted and rendered', async ({}, testInfo) => {
    const base = testInfo.outputPath();
    writeChart(join(base, 'chart'));
    const chart = await helm.resolve({ path: 'chart' }, base);
    expect(chart).toMatchObject({ name: 'sample', version: '1.2.3', appVersion: '1.0', source: 'chart' });
    expect(await helm.lint({ name: 'trial', chart }, VERSION)).toMatchObject({ errors: 0 });
    expect(await template(base, { set: { text: 'a,b{c}' } })).toContain('text: "a,b{c}"');
  });

  test('should stay as they were when they were resolved', async ({}, testInfo) => {
    const base = testInfo.outputPath();
    writeChart(join(base, 'chart'));
    const chart = await helm.resolve({ path: 'chart' }, base);
    writeChart(join(base, 'chart'), { 'values.yaml': 'text: edited\nreplicas: 1\n' });
    expect(await helm.template({ name: 'trial', chart }, VERSION)).toContain('hello');
  });

  test('should be refused with the values file and the key that breaks the schema', async ({}, testInfo) => {
    const base = testInfo.outputPath();
    writeChart(join(base, 'chart'));
    const file = join(base, 'wrong.yaml');
    writeFileSync(file, 'replicas: two\n');
    await expect(template(base, { files: [file] })).rejects.toThrow(
      /the values break the chart's schema:[\s\S]*'?\/replicas'?[\s\S]*where: chart[\s\S]*fix: .*wrong\.yaml/,
    );
  });

  test('should tell whether their schema refuses values', async ({}, testInfo) => {
    const base = testInfo.outputPath();
    writeChart(join(base, 'chart'));
    const chart = await helm.resolve({ path: 'chart' }, base);
    const accepts = async (set: Record<string, string>) =>
      !(await helm.isRefusedBySchema({ name: 'trial', chart, set }, VERSION));
    expect(await accepts({ text: 'fine' })).toBe(true);
    expect(await accepts({ unknown: 'x' })).toBe(false);
  });

  test('should be missed with the path and the fix', async ({}, testInfo) => {
    await expect(helm.resolve({ path: 'nowhere' }, testInfo.outputPath())).rejects.toThrow(
      /Chart\.yaml is missing[\s\S]*where: .*nowhere[\s\S]*fix: .*path of the chart/,
    );
  });

  test('should tell which Kubernetes they support when it is another one', async ({}, testInfo) => {
    const base = testInfo.outputPath();
    writeChart(join(base, 'chart'), {
      'Chart.yaml': 'apiVersion: v2\nname: sample\nversion: 1.2.3\nkubeVersion: ">=1.99.0"\n',
    });
    await expect(template(base)).rejects.toThrow(/supports Kubernetes >=1\.99\.0, not v1\.36/);
  });

  test('should tell which dependency is missing and how to get it', async ({}, testInfo) => {
    const base = testInfo.outputPath();
    const dependencies =
      'dependencies:\n  - { name: database, version: 1.0.0, repository: "https://charts.invalid" }\n';
    writeChart(join(base, 'chart'), { 'Chart.yaml': `apiVersion: v2\nname: sample\nversion: 1.2.3\n${dependencies}` });
    await expect(template(base)).rejects.toThrow(/depends on database[\s\S]*helm dependency build chart/);
  });

  test('should give findings as a result, not as an error', async ({}, testInfo) => {
    const base = testInfo.outputPath();
    writeChart(join(base, 'chart'), { 'templates/broken.yaml': '{{ .Values.no.such.value }}\n' });
    const lint = await helm.lint({ name: 'trial', chart: await helm.resolve({ path: 'chart' }, base) }, VERSION);
    expect(lint.errors).toBeGreaterThan(0);
    expect(lint.messages.join()).toContain('broken.yaml');
  });

  const unreachable: ChartSource[] = [
    { oci: 'oci://127.0.0.1:1/charts/sample', version: '1.2.3' },
    { repo: 'http://127.0.0.1:1/charts', name: 'sample', version: '1.2.3' },
  ];
  for (const source of unreachable) {
    test(`should be missed where nothing answers at ${describeSource(source)}`, async ({}, testInfo) => {
      await expect(helm.resolve(source, testInfo.outputPath())).rejects.toThrow(
        /cannot be reached \(helm: .*connection refused[\s\S]*where: .*127\.0\.0\.1:1[\s\S]*fix: +correct the address/,
      );
    });
  }
});
