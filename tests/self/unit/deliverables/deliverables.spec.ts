import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpYaml, loadYaml } from '@kubernetes/client-node';
import { expect, test } from '@playwright/test';
import { execa, execaSync } from 'execa';
import { parse, parseAllDocuments } from 'yaml';
import { weights } from '../../../../helpers/deliverables/commands.ts';
import { deliverables } from '../../../../helpers/deliverables/deliver.ts';
import { strategies } from '../../../../helpers/target/model/schema.ts';
import type { ModelDeclaration, Strategy } from '../../../../helpers/target/model/schema.ts';
import { model } from '../target/model.ts';

const command = join(import.meta.dirname, '../../../../bin/seatrial.js');
const iris = join(import.meta.dirname, '../../../../fixtures/targets/fastapi-iris');

/** What a manifest is read back as. */
interface Read {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels: Record<string, string> };
  spec: Record<string, never>;
}

/** A model with everything that can be declared. */
const rich = model({
  autoscaling: { maxReplicas: 10 },
  storage: { claim: 'model-pvc' },
  secrets: [{ name: 'access', keys: { token: { env: 'TOKEN_OF_THE_STORE' } } }],
  env: { LOG_LEVEL: "it's INFO", STORE_TOKEN: { secret: 'access', key: 'token' } },
  communication: { channel: '#ml-alerts', incidents: 'OPS' },
});

const grpc = model({
  serving: {
    protocol: 'tensorflow-grpc',
    model: 'iris',
    ports: { grpc: 8500 },
    inputs: [{ name: 'features', datatype: 'FP32', shape: [4] }],
  },
  healthChecks: { liveness: { grpc: { port: 'grpc' } }, readiness: { grpc: { port: 8500, service: 'iris' } } },
});

const commanded = model({
  serving: { protocol: 'torchserve', model: 'iris', ports: { http: 8080, management: 8081, metrics: 8082 } },
  healthChecks: {
    liveness: { path: '/ping', port: 'http' },
    readiness: { exec: { command: ['python3', 'ready.py'] }, timeoutSeconds: 4 },
  },
});

const cases = [
  ...strategies.map((strategy) => ({ name: `of strategy ${strategy}`, declared: rich, strategy })),
  { name: 'that is asked by gRPC', declared: grpc, strategy: 'rolling' as const },
  { name: 'whose readiness a command tells', declared: commanded, strategy: 'rolling' as const },
];

let folder: string;

test.describe('The six deliverables', { tag: '@static' }, () => {
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seatrial-test-'));
  });

  test.afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { name, declared, strategy } of cases) {
    test(`should hold what Kubernetes knows, and nothing else, for a model ${name}`, () => {
      const objects = [
        ...read(declared, strategy, 'deployment-manifest.yaml'),
        ...read(declared, strategy, 'load-balancer.yaml'),
      ];
      // The client leaves out what its schema of Kubernetes does not have, and what is of another type.
      for (const object of objects.filter(({ apiVersion }) => !apiVersion.includes('istio')))
        expect(parse(dumpYaml(loadYaml(JSON.stringify(object))))).toEqual(object);
      expect(objects.filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([]);
      const ids = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
      expect(new Set(ids).size).toBe(ids.length);
    });

    test(`should be the same bytes for the same declaration of a model ${name}`, () => {
      expect(deliverables(declared, {}, strategy)).toEqual(deliverables(structuredClone(declared), {}, strategy));
    });

    test(`should have a script without a mistake in its syntax for a model ${name}`, () => {
      const script = contentOf(declared, strategy, 'deploy.sh');
      expect(execaSync('bash', ['-n'], { input: script }).stderr).toBe('');
      expect(script).toMatch(/^#!\/usr\/bin\/env bash\n[\s\S]*\nset -euo pipefail\n/);
      expect(script).not.toContain('undefined');
    });
  }

  test('should be the six of the protocol, and the script alone a program', () => {
    const files = deliverables(rich, {}).map(({ name, executable }) => `${name}${executable ? ' x' : ''}`);
    expect(files).toEqual([
      'deployment-manifest.yaml',
      'serving-config.json',
      'rollback-plan.md',
      'health-checks.yaml',
      'load-balancer.yaml',
      'deploy.sh x',
    ]);
  });

  test('should hold secrets by reference alone', () => {
    const all = deliverables(rich, {}).map(({ content }) => content);
    expect(all.filter((content) => content.includes('TOKEN_OF_THE_STORE'))).toEqual([]);
    expect(deployments(rich, 'rolling')[0]?.spec.template.spec.containers[0]?.env).toEqual([
      { name: 'LOG_LEVEL', value: "it's INFO" },
      { name: 'STORE_TOKEN', valueFrom: { secretKeyRef: { name: 'access', key: 'token' } } },
    ]);
    expect(contentOf(rich, 'rolling', 'deploy.sh')).toContain('k get secret access');
  });

  test("should have the protocol's deployment: surge, probes, resources, read-only model, a user that is not root", () => {
    const [deployment] = deployments(rich, 'rolling');
    expect(deployment?.spec).toMatchObject({
      replicas: 3,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        spec: {
          securityContext: { runAsNonRoot: true },
          volumes: expect.arrayContaining([
            { name: 'model-storage', persistentVolumeClaim: { claimName: 'model-pvc', readOnly: true } },
          ]),
          containers: [
            {
              image: 'registry.example.com/ml-model:v1.1.0',
              resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '2', memory: '2Gi' } },
              livenessProbe: { httpGet: { path: '/health', port: 'http' }, initialDelaySeconds: 30, periodSeconds: 10 },
              readinessProbe: { httpGet: { path: '/ready', port: 'http' }, initialDelaySeconds: 10, periodSeconds: 5 },
            },
          ],
        },
      },
    });
    expect(deployments(rich, 'recreate')[0]?.spec.strategy).toEqual({ type: 'Recreate' });
    expect(deployments(grpc, 'rolling')[0]?.spec.template.spec.containers[0]).toMatchObject({
      livenessProbe: { grpc: { port: 8500 } },
      readinessProbe: { grpc: { port: 8500, service: 'iris' } },
    });
  });

  test('should ask a command where no port tells whether the model is ready, and tell people to ask it too', () => {
    const asked = { exec: { command: ['python3', 'ready.py'] }, timeoutSeconds: 4 };
    expect(deployments(commanded, 'rolling')[0]?.spec.template.spec.containers[0]).toMatchObject({
      livenessProbe: { httpGet: { path: '/ping', port: 'http' } },
      readinessProbe: asked,
    });
    const probes = parse(contentOf(commanded, 'rolling', 'health-checks.yaml')) as unknown;
    expect(probes).toMatchObject({ probes: { readinessProbe: asked } });
    expect(contentOf(commanded, 'rolling', 'rollback-plan.md')).toContain('exec POD -- python3 ready.py');
  });

  test("should have the protocol's load balancer: NLB, and clients that keep their pod for three hours", () => {
    const [service] = read(rich, 'blue_green', 'load-balancer.yaml');
    expect(service).toMatchObject({
      metadata: {
        annotations: {
          'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb',
          'service.beta.kubernetes.io/aws-load-balancer-cross-zone-load-balancing-enabled': 'true',
        },
      },
      spec: {
        type: 'LoadBalancer',
        selector: { app: 'model', version: 'blue' },
        ports: [{ port: 80, targetPort: 'http' }],
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
      },
    });
  });

  test('should send users to pods that there are, and begin with none of them on the candidate', () => {
    for (const strategy of strategies) {
      const pods = deployments(rich, strategy).map(({ spec }) => spec.template.metadata.labels);
      const services = [
        ...read(rich, strategy, 'deployment-manifest.yaml'),
        ...read(rich, strategy, 'load-balancer.yaml'),
      ]
        .filter(({ kind }) => kind === 'Service')
        .map(({ spec }) => (spec as unknown as { selector: Record<string, string> }).selector);
      for (const selector of services)
        expect(pods.some((labels) => Object.entries(selector).every(([key, value]) => labels[key] === value))).toBe(
          true,
        );
      const routes = read(rich, strategy, 'deployment-manifest.yaml').filter(({ kind }) => kind === 'VirtualService');
      const weights = routes.map(({ spec }) =>
        (spec as unknown as Routes).http.at(-1)?.route.map(({ weight }) => weight),
      );
      expect(weights).toEqual(
        strategy === 'canary' || strategy === 'a_b_test'
          ? [
              [100, 0],
              [100, 0],
            ]
          : [],
      );
    }
  });

  test('should carry out the phases of the plan, each of them by a step that can fail', () => {
    const script = contentOf(rich, 'canary', 'deploy.sh');
    expect(script.match(/^phase '.*'$/gm)?.map((line) => line.slice(7, -1))).toEqual([
      'Deploy Canary 10% (10 min)',
      'Monitor 10% (30 min)',
      'Increase to 25% (5 min)',
      'Monitor 25% (30 min)',
      'Increase to 50% (5 min)',
      'Monitor 50% (30 min)',
      'Full Rollout (10 min)',
    ]);
    const patched = [...script.matchAll(/^step k patch virtualservice model .*route\/1\/weight","value":(\d+)/gm)];
    expect(patched.map(([, weight]) => Number(weight))).toEqual([10, 25, 50, 100]);
    expect(script.match(/^step dwell 1800$/gm)).toHaveLength(3);
    // Who had a variant that is taken away is brought to the other one, whichever it is.
    const subsets = (percentage: number) =>
      weights('a_b_test', percentage).flatMap(({ path, value }) => (path.endsWith('/subset') ? [value] : []));
    expect([0, 50, 100].map(subsets)).toEqual([
      ['a', 'a'],
      ['a', 'b'],
      ['b', 'b'],
    ]);
    expect(contentOf(rich, 'blue_green', 'deploy.sh')).toContain(`--patch '{"spec":{"selector":{"version":"green"}}}'`);
  });

  test('should plan the way back: every trigger, every phase, commands, validation and whom to tell', () => {
    const plan = contentOf(rich, 'blue_green', 'rollback-plan.md');
    expect(
      plan.match(/^\d\. .*(error rate|average latency|P95|availability|OOM kills) of the candidate [<>]/gm),
    ).toHaveLength(5);
    expect(plan).toContain('6. An operator says so');
    expect(plan.match(/^\| \d \| .* \|$/gm)).toHaveLength(5);
    expect(plan).toContain(`patch service model --type merge --patch '{"spec":{"selector":{"version":"blue"}}}'`);
    expect(plan).toContain('- Tell #ml-alerts');
    expect(contentOf(model(), 'rolling', 'rollback-plan.md')).toContain('**Nobody is named.**');
  });

  test('should have the probes of the manifest and the five checks in the health configuration', () => {
    const health = parse(contentOf(rich, 'rolling', 'health-checks.yaml')) as Record<string, Record<string, unknown>>;
    expect(Object.keys(health.checks ?? {})).toEqual([
      'model_loaded',
      'memory_usage',
      'cpu_usage',
      'response_time',
      'error_rate',
    ]);
    expect(health.probes?.readinessProbe).toEqual(
      deployments(rich, 'rolling')[0]?.spec.template.spec.containers[0]?.readinessProbe,
    );
    expect(health.checks?.memory_usage).toMatchObject({ warning: 0.8, critical: 0.95 });
  });

  test('should be written by a command that never overwrites unasked', async () => {
    const deliver = (...args: string[]) =>
      execa(process.execPath, [command, 'deliver', iris, '--output', join(folder, 'out'), ...args], {
        reject: false,
        env: { NODE_OPTIONS: '' },
      });
    const first = await deliver('--registry', 'registry.example.com/models');
    expect(first.stderr).toBe('');
    expect(readFileSync(join(folder, 'out/deployment-manifest.yaml'), 'utf8')).toContain(
      'image: registry.example.com/models/fastapi-iris:',
    );
    expect(readdirSync(join(folder, 'out'))).toHaveLength(6);
    expect(statSync(join(folder, 'out/deploy.sh')).mode & 0o111).toBe(0o111);
    writeFileSync(join(folder, 'out/rollback-plan.md'), 'mine');
    const second = await deliver();
    expect(second.exitCode).toBe(2);
    expect(second.stderr).toContain('--force');
    expect(readFileSync(join(folder, 'out/rollback-plan.md'), 'utf8')).toBe('mine');
    expect((await deliver('--force')).exitCode).toBe(0);
    expect(readFileSync(join(folder, 'out/rollback-plan.md'), 'utf8')).toContain('# Rollback plan of fastapi-iris');
  });
});

interface Routes {
  http: { route: { weight: number }[] }[];
}

interface Deployment {
  spec: {
    strategy: unknown;
    template: {
      metadata: { labels: Record<string, string> };
      spec: { containers: { env: unknown; readinessProbe: unknown }[] };
    };
  };
}

function contentOf(declared: ModelDeclaration, strategy: Strategy, name: string): string {
  const content = deliverables(declared, {}, strategy).find((file) => file.name === name)?.content ?? '';
  expect(content).not.toBe('');
  return content;
}

function read(declared: ModelDeclaration, strategy: Strategy, name: string): Read[] {
  const documents = parseAllDocuments(contentOf(declared, strategy, name));
  return documents.map((document) => document.toJS() as Read);
}

function deployments(declared: ModelDeclaration, strategy: Strategy): Deployment[] {
  const objects = read(declared, strategy, 'deployment-manifest.yaml').filter(({ kind }) => kind === 'Deployment');
  return objects as unknown as Deployment[];
}
