import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseAllDocuments } from 'yaml';
import { jsonSchema } from '../../../../helpers/config/json-schema.ts';
import { protocolEvidence } from '../../../../helpers/evidence/protocol-20.ts';
import { rollbackHistory } from '../../../../helpers/evidence/rollback-history.ts';
import { filesOfPrometheus, MONITORING_FILES } from '../../../../helpers/monitoring/files.ts';
import { monitoringObjects } from '../../../../helpers/monitoring/objects.ts';
import { validationSchema } from '../../../../helpers/evidence/validation.ts';
import { History } from '../../../../helpers/history/history.ts';
import { evaluateStandard } from '../../../../helpers/verdict/evaluate.ts';
import { writeVerdict } from '../../../../helpers/verdict/run-folder.ts';
import { loadStandards } from '../../../../helpers/verdict/standards.ts';
import standard from '../../../protocol-20/standard.ts';
import { flawless } from '../verdict/histories.ts';
import { seatrial } from '../verdict/stored-run.ts';

const target = { name: 'model', kind: 'Model', releases: [], kubernetesVersions: [], notApplicable: {} };
const run = { run: '20261121-100000-abcd', complete: true };
const folder = 'protocol-20-model-deployment';
const experiments = [
  'model.plan',
  'model.package',
  'strategy.rolling',
  'deliverables.rolling',
  'deliverables.blue-green',
];

function histories(...ids: string[]): Map<string, History> {
  return new Map(
    ids.flatMap((id) => {
      const history = flawless.get(id);
      return history === undefined ? [] : [[id, history] as const];
    }),
  );
}

function evidenceOf(found: ReadonlyMap<string, History>): Map<string, string> {
  return protocolEvidence(evaluateStandard(standard, found, target), run, found);
}

test.describe('evidence package of Protocol 20', { tag: '@static' }, () => {
  test('should have the tree of the protocol, and say why a file of it is not there', () => {
    const files = evidenceOf(histories(...experiments));
    const results = validationSchema.parse(JSON.parse(files.get(`${folder}/reports/validation_results.json`) ?? ''));
    const paths = [...files.keys()].map((path) => path.replace(`${folder}/`, ''));
    expect([...paths, ...results.absent.map(({ path }) => path)].toSorted()).toEqual(
      [
        'manifests/deployment.yaml',
        'manifests/service.yaml',
        'manifests/hpa.yaml',
        'manifests/blue-green.yaml',
        'serving/fastapi_server.py',
        'serving/torchserve_config.json',
        'serving/tensorflow_serving_config.yaml',
        'monitoring/health-checks.yaml',
        'monitoring/metrics-config.yaml',
        'monitoring/alert-rules.yaml',
        'rollback/rollback-plan.md',
        'rollback/rollback-script.sh',
        'rollback/rollback-history.json',
        'reports/deployment_report.md',
        'reports/validation_results.json',
      ].toSorted(),
    );
    expect(results.absent.map(({ path }) => path)).toEqual([
      'serving/torchserve_config.json',
      'serving/tensorflow_serving_config.yaml',
      'monitoring/metrics-config.yaml',
      'monitoring/alert-rules.yaml',
    ]);
  });

  test('should hold nothing but reports when nothing was executed', () => {
    expect([...evidenceOf(histories('model.plan')).keys()]).toEqual([
      `${folder}/reports/deployment_report.md`,
      `${folder}/reports/validation_results.json`,
    ]);
  });

  test('should tell each object once, as it was applied', () => {
    const files = evidenceOf(histories(...experiments));
    const kindsIn = (name: string) =>
      parseAllDocuments(files.get(`${folder}/manifests/${name}`) ?? '').map(
        (document) => (document.toJS() as { kind: string }).kind,
      );
    expect(kindsIn('deployment.yaml')).toEqual(['Deployment']);
    expect(kindsIn('service.yaml')).toEqual(['Service']);
    expect(kindsIn('hpa.yaml')).toEqual(['HorizontalPodAutoscaler']);
    expect(kindsIn('blue-green.yaml')).toEqual(['Deployment', 'HorizontalPodAutoscaler', 'Service']);
  });

  test('should take monitoring files from whoever used them', () => {
    const images = { prometheus: 'prometheus:1', alertmanager: 'alertmanager:1' };
    const receivers = [{ kind: 'webhook' as const, url: 'http://receiver.example.com/known-to-few' }];
    const value = filesOfPrometheus(monitoringObjects('trial', { images, rules: 'groups: []\n', receivers }));
    const alerts = new History([{ type: 'fact', at: 1, key: MONITORING_FILES, value }]);
    const files = evidenceOf(new Map([['alerts', alerts]]));
    expect(files.get(`${folder}/monitoring/alert-rules.yaml`)).toBe('groups: []\n');
    expect(files.get(`${folder}/monitoring/metrics-config.yaml`)).toContain('scrape_interval');
    expect([...files.values()].filter((content) => content.includes('known-to-few'))).toEqual([]);
  });

  test('should record every rollback of the run, with who or what did it', () => {
    const rollbacks = rollbackHistory(histories('deliverables.blue-green'));
    expect(rollbacks).toMatchObject([
      { status: 'success', error: null, from: 'v2', to: 'v1', by: 'deploy.sh' },
      { status: 'success', error: null, from: 'v2', to: 'v1', by: 'rollback-script.sh' },
    ]);
  });

  test('should tell what failed as it failed', () => {
    const records = flawless.get('deliverables.rolling')?.records ?? [];
    const failed = records.map((record) =>
      record.type === 'step' && record.id === 'script.rollback'
        ? { ...record, ok: false, error: 'no revision' }
        : record,
    );
    const [first] = rollbackHistory(new Map([['deliverables.rolling', new History(failed)]]));
    expect(first).toMatchObject({ status: 'failed', error: 'no revision' });
  });

  test('should be valid by the published schema, which is that of the code', () => {
    const published = readFileSync(join(import.meta.dirname, '../../../../reports/validation.schema.json'), 'utf8');
    expect(published).toBe(`${jsonSchema('validation')}\n`);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(published) as object);
    const results = JSON.parse(
      evidenceOf(histories(...experiments)).get(`${folder}/reports/validation_results.json`) ?? '',
    ) as Record<string, unknown>;
    expect(validate(results)).toBe(true);
    expect(validate({ ...results, rows: [{ id: 'gate-1-package', status: 'splendid' }] })).toBe(false);
  });

  test('should be rebuilt byte for byte from the histories, and what was added be found', async () => {
    const runFolder = test.info().outputPath('run');
    for (const [experiment, history] of histories(...experiments)) {
      const file = join(runFolder, 'experiments/model', experiment, 'history.jsonl');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, history.records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    }
    const about = { id: run.run, complete: true, target: 'model', targetKind: 'Model' };
    writeFileSync(join(runFolder, 'run.json'), JSON.stringify(about));
    writeVerdict(runFolder, await loadStandards());
    const at = (path: string) => join(runFolder, 'evidence', folder, path);
    expect(statSync(at('rollback/rollback-script.sh')).mode & 0o111).toBe(0o111);
    await seatrial('report', runFolder);
    expect((await seatrial('report', runFolder, '--check')).exitCode).toBe(0);

    const report = readFileSync(at('reports/deployment_report.md'));
    rmSync(join(runFolder, 'evidence'), { recursive: true });
    await seatrial('report', runFolder);
    expect(readFileSync(at('reports/deployment_report.md')).equals(report)).toBe(true);

    writeFileSync(at('reports/praise.md'), 'All is well\n');
    const { stdout, exitCode } = await seatrial('report', runFolder, '--check');
    expect(stdout).toContain(`evidence/${folder}/reports/praise.md: follows from no history`);
    expect(exitCode).toBe(1);
  });
});
