import { cpSync, existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { filesBelow } from '../../../../helpers/files.ts';
import { packEvidence } from '../../../../helpers/evidence/package/pack.ts';
import { verifyEvidence } from '../../../../helpers/evidence/package/verify.ts';
import { statementSchema } from '../../../../helpers/evidence/package/statement.ts';
import { seatrial } from '../verdict/stored-run.ts';
import { packableRun, put, unpacked } from './packable-run.ts';

const env = {};
const run = () => packableRun(test.info().outputPath('run'));

test.describe('evidence package', { tag: '@static' }, () => {
  test('should hold what was judged, what it was judged by, and what was on trial', async () => {
    const { places } = await packEvidence(await run(), { env });
    const files = filesBelow(places.folder);
    expect(files).toEqual(
      expect.arrayContaining([
        'INDEX.md',
        'charts/contextforge/1.0.0/gateway/Chart.yaml',
        'ctrf.json',
        'experiments/contextforge/first-tool-call/artifacts/seatrial-abcde/logs/gateway/app.log',
        'experiments/contextforge/first-tool-call/history.jsonl',
        'host.json',
        'images/contextforge.json',
        'manifest.json',
        'manifests/contextforge/architecture/found.yaml',
        'manifests/contextforge/chart.static/rendered/gateway-1.36.yaml',
        'manifests/contextforge/deliverables.rolling/applied.yaml',
        'manifests/contextforge/gitops.deploy/desired-state/gitops/gateway.yaml',
        'metrics.txt',
        'run.json',
        'scorecard-category-8.md',
        'summary.json',
        'target/contextforge/target.yaml',
        'target/contextforge/values/gateway.yaml',
        'timelines/contextforge/first-tool-call.svg',
        'verdict.json',
        'versions.json',
      ]),
    );
    expect(files.filter((path) => /cluster\.json|\.git\/|helm\/|kubeconfig/.test(path))).toEqual([]);
  });

  test('should hold a chart once, and beside it the one that differed', async () => {
    const { places } = await packEvidence(await run(), { env });
    const charts = filesBelow(join(places.folder, 'charts'));
    expect(charts.filter((path) => path.endsWith('Chart.yaml'))).toHaveLength(1);
    expect(charts.filter((path) => path.endsWith('values.yaml'))).toEqual([
      'contextforge/1.0.0/gateway/values.yaml',
      'contextforge/of-upgrade.path/1.0.0/gateway/values.yaml',
    ]);
  });

  test('should tell versions without paths of the machine', async () => {
    const { places } = await packEvidence(await run(), { env });
    const text = readFileSync(join(places.folder, 'versions.json'), 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      cluster: { provider: 'kind', kubernetesVersion: 'v1.36.3', parts: ['flux'] },
      charts: [{ name: 'gateway', version: '1.0.0' }],
      images: { 'contextforge.json': { value: { gateway: { tag: '1.1.0' } } } },
    });
    expect(text).not.toContain('/home/somebody');
  });

  test('should hold the evidence that standards ask for, and a verdict that follows from its own histories', async () => {
    const { places } = await packEvidence(await run(), { env });
    expect(filesBelow(places.folder).some((path) => path.startsWith('evidence/protocol-20-model-deployment/'))).toBe(
      true,
    );
    const { stdout } = await seatrial('report', places.folder, '--check');
    for (const name of ['verdict.json', 'scorecard-category-8.md', 'ctrf.json', 'metrics.txt', 'summary.json'])
      expect(stdout).toContain(`${name}: identical byte for byte`);
    expect(stdout).not.toContain('differs from line');
  });

  test('should list each file with its digest, as the published schema says', async () => {
    const { places, manifest } = await packEvidence(await run(), { env });
    const schema = readFileSync(join(import.meta.dirname, '../../../../reports/evidence.schema.json'), 'utf8');
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(schema) as object);
    const stored: unknown = JSON.parse(readFileSync(join(places.folder, 'manifest.json'), 'utf8'));
    expect(stored).toEqual(manifest);
    expect(validate(stored), JSON.stringify(validate.errors)).toBe(true);
    expect([...manifest.files.map(({ path }) => path), 'manifest.json'].toSorted()).toEqual(
      filesBelow(places.folder).toSorted(),
    );
  });

  test('should attest the package in the form of in-toto', async () => {
    const { places, manifest } = await packEvidence(await run(), { env });
    const statement = statementSchema.parse(JSON.parse(readFileSync(places.statement, 'utf8')));
    expect(statement.subject.map(({ name }) => name)).toEqual(['evidence-package.tar.gz', 'manifest.json']);
    expect(statement.predicate.result).toBe('FAILED');
    expect(statement.predicate.configuration.map(({ name }) => name)).toEqual([
      'run.json',
      'target/contextforge/target.yaml',
      'target/contextforge/values/gateway.yaml',
    ]);
    expect(statement.predicate.passedTests).toContain('contextforge/category-8/gate-helm-deployment');
    expect(manifest.run).toBe('20261121-100000-abcd');
  });

  test('should give the same bytes again, wherever and whenever it is packed', async () => {
    const first = await packEvidence(await run(), { env });
    const before = readFileSync(first.places.archive);
    expect(
      readFileSync((await packEvidence(test.info().outputPath('run'), { env })).places.archive).equals(before),
    ).toBe(true);

    const moved = test.info().outputPath('elsewhere');
    cpSync(test.info().outputPath('run'), moved, { recursive: true });
    for (const path of filesBelow(moved)) utimesSync(join(moved, path), 1, 1);
    const again = await packEvidence(moved, { env });
    expect(readFileSync(again.places.archive).equals(before)).toBe(true);
    expect(readFileSync(again.places.statement, 'utf8')).toBe(readFileSync(first.places.statement, 'utf8'));
  });

  test('should have the same files in the archive as in the folder, below one folder, owned by nobody', async () => {
    const { places } = await packEvidence(await run(), { env });
    const files = await unpacked(places.archive);
    const root = 'seatrial-evidence-20261121-100000-abcd';
    expect([...files.keys()].map((name) => name.replace(`${root}/`, '')).toSorted()).toEqual(
      filesBelow(places.folder).toSorted(),
    );
    for (const [name, { content, header }] of files) {
      expect(content.equals(readFileSync(join(places.folder, name.slice(root.length + 1))))).toBe(true);
      expect([header.uid, header.gid]).toEqual([0, 0]);
    }
  });

  test('should leave nothing half-made behind, and replace what was there', async () => {
    const folder = await run();
    await packEvidence(folder, { env });
    put(folder, 'evidence-package/stale.txt', 'old');
    await packEvidence(folder, { env });
    expect(existsSync(join(folder, 'evidence-package/stale.txt'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('should escape what comes from outside in its index, and say on top that the run ended early', async () => {
    const folder = await run();
    writeFileSync(
      join(folder, 'run.json'),
      JSON.stringify({ id: '20261121-100000-abcd', complete: false, target: 'contextforge', provider: '<img src=x>' }),
    );
    await seatrial('report', folder);
    const { places, manifest } = await packEvidence(folder, { env });
    const index = readFileSync(join(places.folder, 'INDEX.md'), 'utf8');
    expect(index).toContain('ended early');
    expect(index).not.toContain('<img');
    expect(manifest.complete).toBe(false);
  });

  test('should pack a file of many megabytes', async () => {
    const line = `${'x'.repeat(1023)}\n`;
    const folder = await packableRun(test.info().outputPath('run'), {
      'experiments/contextforge/first-tool-call/artifacts/big.log': line.repeat(40 * 1024),
    });
    const { places, manifest } = await packEvidence(folder, { env });
    expect(manifest.files.find(({ path }) => path.endsWith('big.log'))?.size).toBe(40 * 1024 * 1024);
    expect((await verifyEvidence(places.archive)).differences).toEqual([]);
  });
});
