import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parse } from 'yaml';
import { jsonSchema } from '../../../../helpers/config/json-schema.ts';
import { UserError } from '../../../../helpers/errors.ts';
import type { Mistake } from '../../../../helpers/errors.ts';
import { kindAt } from '../../../../helpers/target/kind.ts';
import { loadAnyTarget, loadModel, loadTarget } from '../../../../helpers/target/load.ts';
import { parseQuantity } from '../../../../helpers/target/model/quantity.ts';
import { modelSchema } from '../../../../helpers/target/model/schema.ts';
import { validModel } from './model.ts';

const targets = join(import.meta.dirname, '../../../../fixtures/targets');
const published = join(targets, 'model.schema.json');

let folder: string;

/** Values of one field at, below and above each of its limits. `line` puts a value into the file. */
const limits: { field: string; line: (value: string) => [string, string]; good: string[]; bad: string[] }[] = [
  {
    field: 'replicas',
    line: (v) => ['replicas: 3', `replicas: ${v}`],
    good: ['1', '2', '1000'],
    bad: ['0', '-1', '1.5', '1001'],
  },
  {
    field: 'rollbackThreshold',
    line: (v) => ['rollbackThreshold: 0.05', `rollbackThreshold: ${v}`],
    good: ['0', '0.000001', '0.999999', '1'],
    bad: ['-0.000001', '1.000001', '.nan', '.inf'],
  },
  {
    field: 'canaryPercentage',
    line: (v) => ['strategy: rolling', `strategy: canary\ncanaryPercentage: ${v}`],
    good: ['1', '2', '98', '99'],
    bad: ['0', '100', '10.5', '-1'],
  },
  {
    field: 'variantPercentage',
    line: (v) => ['strategy: rolling', `strategy: a_b_test\nvariantPercentage: ${v}`],
    good: ['1', '99'],
    bad: ['0', '100'],
  },
  {
    field: 'trialFactor',
    line: (v) => ['replicas: 3', `replicas: 3\ntrialFactor: ${v}`],
    good: ['0.000001', '1'],
    bad: ['0', '1.000001', '-1'],
  },
  {
    field: 'slo.p95Ms',
    line: (v) => ['replicas: 3', `replicas: 3\nslo: { p95Ms: ${v} }`],
    good: ['1', '499', '500'],
    bad: ['0', '501'],
  },
  {
    field: 'slo.p99Ms',
    line: (v) => ['replicas: 3', `replicas: 3\nslo: { p99Ms: ${v} }`],
    good: ['500', '1000'],
    bad: ['499', '1001'],
  },
  {
    field: 'slo.errorRate',
    line: (v) => ['replicas: 3', `replicas: 3\nslo: { errorRate: ${v} }`],
    good: ['0.0099', '0.01'],
    bad: ['0', '0.0101'],
  },
  {
    field: 'slo.availability',
    line: (v) => ['replicas: 3', `replicas: 3\nslo: { availability: ${v} }`],
    good: ['0.999', '0.9999'],
    bad: ['0.9989', '1'],
  },
  {
    field: 'slo.rollbackMs',
    line: (v) => ['replicas: 3', `replicas: 3\nslo: { rollbackMs: ${v} }`],
    good: ['300000', '1'],
    bad: ['300001', '0'],
  },
  {
    field: 'requests.cpu',
    line: (v) => ['cpu: 500m', `cpu: ${v}`],
    good: ['1m', '1999m', '2000m', '"2"', '"0.5"'],
    bad: ['2001m', '0.5m', '"0"', '2 cores', '-1m', '2'],
  },
  {
    field: 'requests.memory',
    line: (v) => ['memory: 1Gi', `memory: ${v}`],
    good: ['1Mi', '2Gi', '2048Mi', '"2147483648"', '2G'],
    bad: ['2049Mi', '1048575', '512m', '1.2.3Gi', '1gi'],
  },
  {
    field: 'liveness.port',
    line: (v) => ['port: 8000 }', `port: ${v} }`],
    good: ['8000', '8001', 'metrics'],
    bad: ['0', '65536', '8002', 'grpc'],
  },
  {
    field: 'liveness.failureThreshold',
    line: (v) => ['port: 8000 }', `port: 8000, failureThreshold: ${v} }`],
    good: ['1', '1000'],
    bad: ['0', '1001'],
  },
  {
    field: 'readiness.exec.command',
    line: (v) => ['readiness: { path: /ready, port: http }', `readiness: { exec: { command: ${v} } }`],
    good: ['[ready]', '[python3, ready.py]'],
    bad: ['[]', '[""]', 'ready'],
  },
  {
    field: 'thresholds.memory.warning',
    line: (v) => ['healthChecks:\n', `healthChecks:\n  thresholds: { memory: { warning: ${v} } }\n`],
    good: ['0', '0.94'],
    bad: ['0.95', '-0.1', '1.1'],
  },
  {
    field: 'samples.tolerance',
    line: (v) => ['{ prediction: 1 } }', `{ prediction: 1 }, tolerance: ${v} }`],
    good: ['0', '0.1'],
    bad: ['-0.1'],
  },
  {
    field: 'autoscaling.maxReplicas',
    line: (v) => ['replicas: 3', `replicas: 3\nautoscaling: { maxReplicas: ${v} }`],
    good: ['3', '4'],
    bad: ['2'],
  },
  {
    field: 'engines',
    line: (v) => ['strategy: rolling', `strategy: blue_green\nengines: ${v}`],
    good: ['[kubernetes]'],
    bad: ['[]', '[argo]', '[kubernetes, kubernetes]', '[argo-rollouts]', 'kubernetes'],
  },
  {
    field: 'analysis.prometheus',
    line: (v) => ['replicas: 3', `replicas: 3\nengines: [kubernetes, argo-rollouts]\nanalysis: { prometheus: ${v} }`],
    good: ['"http://prometheus:9090"', '"https://prometheus.example.com/path"'],
    bad: ['prometheus', '"ftp://prometheus"', '""'],
  },
  {
    field: 'strategy',
    line: (v) => ['strategy: rolling', `strategy: ${v}`],
    good: ['blue_green', 'rolling', 'recreate', 'a_b_test'],
    bad: ['canary', 'blue-green', 'Rolling'],
  },
];

const cases: { name: string; from: string; to: string; what: RegExp; where: string; fix: RegExp }[] = [
  {
    name: 'canary without its percentage',
    from: 'strategy: rolling',
    to: 'strategy: canary',
    what: /Strategy canary needs canaryPercentage/,
    where: '1 canaryPercentage',
    fix: /canaryPercentage: 10/,
  },
  {
    name: 'a percentage that means nothing',
    from: 'strategy: rolling',
    to: 'strategy: rolling\ncanaryPercentage: 10',
    what: /means nothing to strategy rolling/,
    where: '10 canaryPercentage',
    fix: /strategy: canary/,
  },
  {
    name: 'an engine that cannot carry the strategy out',
    from: 'strategy: rolling',
    to: 'strategy: rolling\nengines: [argo-rollouts]\nanalysis: { prometheus: "http://prometheus:9090" }',
    what: /Argo Rollouts carries out canary and blue_green, and the strategy is rolling/,
    where: '10 engines[0]',
    fix: /engines: \[kubernetes, argo-rollouts\]/,
  },
  {
    name: 'an engine that does not know where Prometheus is',
    from: 'strategy: rolling',
    to: 'strategy: rolling\nengines: [kubernetes, argo-rollouts]',
    what: /needs to know where Prometheus is/,
    where: '1 analysis',
    fix: /analysis: \{ prometheus: http/,
  },
  {
    name: 'an engine named twice',
    from: 'strategy: rolling',
    to: 'strategy: rolling\nengines: [kubernetes, kubernetes]',
    what: /kubernetes is named twice/,
    where: '10 engines[1]',
    fix: /once/,
  },
  {
    name: 'an analysis that nobody makes',
    from: 'strategy: rolling',
    to: 'strategy: rolling\nanalysis: { prometheus: "http://prometheus:9090" }',
    what: /analysis means nothing without Argo Rollouts/,
    where: '10 analysis',
    fix: /engines: \[kubernetes, argo-rollouts\]/,
  },
  {
    name: "the protocol's own spelling",
    from: 'replicas: 3',
    to: 'replicas: 3\ncanary_percentage: 10',
    what: /"canary_percentage" is not a field/,
    where: '11 canary_percentage',
    fix: /did you mean "canaryPercentage"/,
  },
  {
    name: 'more requested than allowed',
    from: 'cpu: 500m',
    to: 'cpu: 2500m',
    what: /request of 2500m cpu is more than the limit of 2/,
    where: '14 resources.requests.cpu',
    fix: /resources\.limits\.cpu/,
  },
  {
    name: 'megabytes that are thousandths',
    from: 'memory: 1Gi',
    to: 'memory: 400m',
    what: /"m" means thousandths of a byte/,
    where: '14 resources.requests.memory',
    fix: /512Mi/,
  },
  {
    name: 'a version that calls itself as the stable one',
    from: 'modelVersion: v2',
    to: 'modelVersion: v1',
    what: /nobody could tell who answered/,
    where: '21 versions.candidate.modelVersion',
    fix: /of its own/,
  },
  {
    name: 'an image that moves',
    from: 'v1.1.0"',
    to: 'latest"',
    what: /another image tomorrow/,
    where: '21 versions.candidate.image',
    fix: /digest/,
  },
  {
    name: 'an image that nobody declared',
    from: '"registry.example.com/ml-model:v1.1.0"',
    to: 'localhost:5000/model',
    what: /no reference with a version/,
    where: '21 versions.candidate.image',
    fix: /tag or digest/,
  },
  {
    name: 'a secret in clear',
    from: 'replicas: 3',
    to: 'replicas: 3\nenv: { API_TOKEN: abc }',
    what: /"API_TOKEN" looks like a secret/,
    where: '11 env.API_TOKEN',
    fix: /secret: NAME/,
  },
  {
    name: 'a secret that is not declared',
    from: 'replicas: 3',
    to: 'replicas: 3\nenv: { API_TOKEN: { secret: access, key: other } }',
    what: /has no key "other"/,
    where: '11 env.API_TOKEN',
    fix: /secrets:/,
  },
  {
    name: 'a protocol without its port',
    from: 'protocol: rest',
    to: 'protocol: tensorflow-grpc',
    what: /needs serving\.ports\.grpc/,
    where: '25 serving.ports.grpc',
    fix: /grpc/,
  },
  {
    name: 'TorchServe without its management API',
    from: 'protocol: rest',
    to: 'protocol: torchserve',
    what: /needs serving\.ports\.management/,
    where: '25 serving.ports.management',
    fix: /management/,
  },
  {
    name: 'tensors without a signature',
    from: 'protocol: rest\n  model: model\n  ports: { http: 8000, metrics: 8001 }\n  inputs: [{ name: features, datatype: FP32, shape: [4] }]',
    to: 'protocol: kserve-v2\n  model: model\n  ports: { http: 8000 }',
    what: /needs serving\.inputs/,
    where: '23 serving.inputs',
    fix: /datatype: FP32/,
  },
  {
    name: 'one port for two purposes',
    from: 'metrics: 8001',
    to: 'metrics: 8000',
    what: /metrics and http are the same port, 8000/,
    where: '25 serving.ports.metrics',
    fix: /leave "metrics:" out/,
  },
  {
    name: 'an input of the wrong shape',
    from: '[1, 2, 3, 4]',
    to: '[1, 2, 3]',
    what: /does not have the shape \[4\]/,
    where: '28 samples[0].input.features',
    fix: /one instance/,
  },
  {
    name: 'a batch where one instance is meant',
    from: '[1, 2, 3, 4]',
    to: '[[1, 2, 3, 4]]',
    what: /does not have the shape \[4\]/,
    where: '28 samples[0].input.features',
    fix: /without the batch/,
  },
  {
    name: 'no number',
    from: '[1, 2, 3, 4]',
    to: '[1, .nan, 3, 4]',
    what: /finite numbers/,
    where: '28 samples[0].input.features[1]',
    fix: /tried by the trial itself/,
  },
  {
    name: 'a misspelt tensor',
    from: '{ features: [',
    to: '{ feature: [',
    what: /no tensor "feature"/,
    where: '28 samples[0].input.feature',
    fix: /did you mean "features"/,
  },
  {
    name: 'a sample that expects nothing',
    from: '{ prediction: 1 }',
    to: '{}',
    what: /"expected" holds nothing/,
    where: '28 samples[0].expected',
    fix: /at least one/,
  },
  {
    name: 'a data set that is not there',
    from: 'samples:\n',
    to: 'accuracy: { dataset: rows.csv, label: y, input: features, output: prediction, minimum: 0.9 }\nsamples:\n',
    what: /"rows.csv" does not exist/,
    where: '27 accuracy.dataset',
    fix: /correct the path/,
  },
  {
    name: 'a waiver of no check',
    from: 'samples:\n',
    to: 'notApplicable: { plan.totals-ad-up: "A reason of twenty letters." }\nsamples:\n',
    what: /There is no check/,
    where: '27 notApplicable["plan.totals-ad-up"]',
    fix: /did you mean "plan.totals-add-up"/,
  },
  {
    name: 'a kind that is nearly right',
    from: 'kind: Model',
    to: 'kind: Modell',
    what: /"kind" must be "Model", but is "Modell"/,
    where: '2 kind',
    fix: /did you mean "Model"/,
  },
  {
    name: 'a kind that is like none',
    from: 'kind: Model',
    to: 'kind: Elephant',
    what: /"kind" must be/,
    where: '2 kind',
    fix: /McpGateway.*Model/,
  },
];

test.describe('target.yaml of kind Model', { tag: '@static' }, () => {
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seatrial-test-'));
  });

  test.afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('should accept the bundled targets, and the smallest one', () => {
    expect(loadModel(join(targets, 'fastapi-iris'))).toMatchObject({ kind: 'Model', strategy: 'canary' });
    expect(loadModel(join(targets, 'tensorflow-iris'))).toMatchObject({ kind: 'Model', strategy: 'blue_green' });
    expect(loadModel(join(targets, 'torchserve-iris'))).toMatchObject({ kind: 'Model', strategy: 'rolling' });
    expect(mistakesIn(validModel)).toEqual([]);
  });

  test('should have the health limits that the bundled server has by itself', () => {
    const { thresholds } = loadModel(join(targets, 'fastapi-iris')).healthChecks;
    const settings = readFileSync(join(targets, 'fastapi-iris/images/fastapi-iris/server/settings.py'), 'utf8');
    const names = {
      memory: 'MEMORY',
      cpu: 'CPU',
      responseTimeMs: 'RESPONSE_TIME_MS',
      errorRate: 'ERROR_RATE',
    } as const;
    for (const [check, name] of Object.entries(names) as [keyof typeof names, string][]) {
      const { warning, critical } = thresholds[check];
      expect(settings).toContain(`env.limits("${name}", ${String(warning)}, ${String(critical)})`);
    }
  });

  for (const { field, line, good, bad } of limits) {
    test(`should hold ${field} to its limits: at, below and above`, () => {
      const refused = [...good, ...bad].filter((value) => mistakesIn(changed(...line(value))).length > 0);
      expect(refused).toEqual(bad);
    });
  }

  for (const { name, from, to, what, where, fix } of cases) {
    test(`should refuse ${name}, with the place and the fix`, () => {
      const found = mistakesIn(changed(from, to));
      const placed = found.map((mistake) => ({ ...mistake, where: mistake.where?.replace(/^.*target\.yaml:/, '') }));
      expect(placed).toContainEqual({ what: expect.stringMatching(what), where, fix: expect.stringMatching(fix) });
    });
  }

  test('should name all mistakes at once', () => {
    const text = changed('cpu: 500m', 'cpu: 3').replace('modelVersion: v2', 'modelVersion: v1');
    expect(mistakesIn(text.replace('cpu: 3', 'cpu: "3"'))).toHaveLength(2);
  });

  test('should read a data set, and say what it lacks', () => {
    const accuracy = (label: string) =>
      changed(
        'samples:\n',
        `accuracy: { dataset: rows.csv, label: ${label}, input: features, output: prediction, minimum: 0.9 }\nsamples:\n`,
      );
    writeFileSync(join(folder, 'rows.csv'), 'a,b,species\n1,2,x\n');
    expect(mistakesIn(accuracy('species'))).toEqual([]);
    expect(mistakesIn(accuracy('specie'))).toMatchObject([{ fix: 'did you mean "species"?' }]);
    writeFileSync(join(folder, 'rows.csv'), 'a,b,species\n');
    expect(mistakesIn(accuracy('species'))).toMatchObject([{ what: 'The data set has no row' }]);
  });

  test('should refuse a target of one kind where the other is needed', () => {
    expect(() => loadTarget(join(targets, 'fastapi-iris'))).toThrow(
      /of kind Model, and this is for targets of kind McpGateway/,
    );
    expect(() => loadModel(join(targets, 'contextforge'))).toThrow(
      /of kind McpGateway, and this is for targets of kind Model/,
    );
    expect(loadAnyTarget(join(targets, 'contextforge')).kind).toBe('McpGateway');
    expect([kindAt(join(targets, 'fastapi-iris')), kindAt(join(targets, 'magg')), kindAt(folder)]).toEqual([
      'Model',
      'McpGateway',
      undefined,
    ]);
  });

  test('should have a published JSON Schema that is current, and that knows what hangs on the strategy', () => {
    expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(JSON.parse(jsonSchema('model')));
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      JSON.parse(jsonSchema('model')) as object,
    );
    expect(validate(parse(readFileSync(join(targets, 'fastapi-iris/target.yaml'), 'utf8')))).toBe(true);
    expect(validate(parse(validModel))).toBe(true);
    expect(validate(parse(changed('strategy: rolling', 'strategy: canary')))).toBe(false);
    expect(validate(parse(changed('replicas: 3', 'replicas: 3\ncanaryPercentage: 10')))).toBe(false);
  });

  test('should never throw anything but mistakes, whatever stands in a field', () => {
    const fields = Object.keys(modelSchema.shape);
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.jsonValue(), (field, value) => {
        const declared = JSON.stringify({ ...(parse(validModel) as object), [field]: value });
        expect(mistakesIn(declared).every(({ what, fix }) => what !== '' && fix !== '')).toBe(true);
      }),
      { numRuns: 100 },
    );
    expect(mistakesIn(changed('apiVersion: seatrial.dev/v1', 'apiVersion: { toString: "" }'))).not.toEqual([]);
  });

  test('should read quantities as Kubernetes does', () => {
    const billionths = (text: string) => parseQuantity(text);
    expect(['1', '1000m', '1000000u', '1e0', '0.001k', '1.0'].map(billionths)).toEqual(Array(6).fill(1_000_000_000n));
    expect(billionths('1.5Gi')).toBe((3n << 29n) * 1_000_000_000n);
    expect(billionths('0.1n')).toBe(1n);
    expect(['', 'Gi', '1 Gi', '1KI', '+1', '-1', '1e', '0x1', '1.', '.5'].map(billionths)).toEqual(
      Array(10).fill(undefined),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), (number) => {
        expect(billionths(`${number}m`)).toBe(number * 1_000_000n);
        expect(billionths(`${number}Ki`)).toBe(billionths(String(number * 1024n)));
      }),
    );
  });
});

/** The valid target with one line changed. */
function changed(from: string, to: string): string {
  expect(validModel).toContain(from);
  return validModel.replace(from, () => to);
}

function mistakesIn(text: string): readonly Mistake[] {
  writeFileSync(join(folder, 'target.yaml'), text);
  try {
    loadModel(folder);
    return [];
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(UserError);
    return (thrown as UserError).mistakes;
  }
}
