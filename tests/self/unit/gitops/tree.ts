import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import { inspectTree } from '../../../../helpers/gitops/tree/inspect.ts';
import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';

/** Files of a Git tree, by their paths. */
export type Files = Readonly<Record<string, string>>;

const kustomization = (...resources: string[]) =>
  `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n${resources.map((name) => `  - ${name}\n`).join('')}`;

const flux = (name: string, path: string, more: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec:
  interval: 10m
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
  path: ./${path}
${more}`;

const release = (name: string, namespace: string, version: string, more = '') => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: ${name}, namespace: flux-system }
spec:
  interval: 10m
  timeout: 10m
  releaseName: ${name}
  targetNamespace: ${namespace}
  chart: { spec: { chart: ${name}, version: ${version}, sourceRef: { kind: HelmRepository, name: charts } } }
  install: { remediation: { retries: 3 } }
  upgrade: { remediation: { retries: 3 } }
  driftDetection: { mode: enabled }
${more}`;

/** A small tree in which nothing is wrong: three steps, the releases `gateway` and `tools`, a store of secrets, and a reloader. */
export const flawlessTree: Files = {
  'clusters/one/apps.yaml': flux('apps', 'apps', ''),
  'apps/kustomization.yaml': kustomization('flux.yaml', 'settings.yaml'),
  'apps/settings.yaml': `apiVersion: v1
kind: ConfigMap
metadata: { name: settings, namespace: flux-system }
data: { HOST: gateway.example.com }
`,
  'apps/flux.yaml': [
    flux('platform', 'platform', '  wait: true\n'),
    flux(
      'release',
      'release',
      '  dependsOn: [{ name: platform }]\n  postBuild: { substituteFrom: [{ kind: ConfigMap, name: settings }] }\n',
    ),
  ].join('---\n'),
  'platform/kustomization.yaml': kustomization('sources.yaml', 'releases.yaml', 'namespace.yaml'),
  'platform/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: { name: trial }\n',
  'platform/sources.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts, namespace: flux-system }
spec: { interval: 1h, url: https://charts.example.com }
`,
  'platform/releases.yaml': [
    release('external-secrets', 'external-secrets', '2.6.0').replace(
      'install: { ',
      'install: { createNamespace: true, ',
    ),
    release('reloader', 'reloader', '2.2.11').replace('install: { ', 'install: { createNamespace: true, '),
  ].join('---\n'),
  'release/kustomization.yaml': `${kustomization('gateway.yaml', 'tools.yaml', 'budgets.yaml', 'secrets.yaml')}configMapGenerator:
  - { name: gateway-values, namespace: flux-system, files: [values.yaml] }
`,
  'release/gateway.yaml': release(
    'gateway',
    'trial',
    '1.2.3',
    '  dependsOn: [{ name: tools }]\n  valuesFrom: [{ kind: ConfigMap, name: gateway-values }]\n',
  ),
  'release/values.yaml': `hostname: \${HOST}
image: { repository: registry.example.com/gateway, tag: 1.2.3 }
existingSecret: gateway-secrets
policies: [{ tool: echo, allow: everyone }]
podAnnotations: { secret.reloader.stakater.com/auto: 'true' }
`,
  'release/tools.yaml': release('tools', 'trial', '0.4.0', '  values: { pdb: { enabled: true } }\n'),
  'release/budgets.yaml': `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: gateway, namespace: trial }
spec: { minAvailable: 1, selector: { matchLabels: { app: gateway } } }
`,
  'release/secrets.yaml': `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: gateway-secrets, namespace: trial }
spec:
  secretStoreRef: { kind: ClusterSecretStore, name: vault }
  data: [{ secretKey: JWT_SECRET_KEY, remoteRef: { key: gateway-jwt } }]
`,
};

const configuration = {
  gateway: ['release/values.yaml#hostname'],
  server: ['release/tools.yaml#spec.values'],
  policy: ['release/values.yaml#policies'],
};

/** The tree with one text put for another in one file. An empty `from` puts a file there. */
export function patched(file: string, from: string, to: string, files: Files = flawlessTree): Files {
  const text = files[file] ?? '';
  expect(text).toContain(from);
  return { ...files, [file]: from === '' ? to : text.replace(from, () => to) };
}

/** Writes a tree, hands its folder over, and removes it. */
export function withTree<T>(files: Files, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-tree-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `gitops.static` leaves of a tree. */
export function historyOf(files: Files, path = 'apps'): History {
  return historyOfFacts(withTree(files, (tree) => inspectTree({ tree, path, configuration })));
}

/** Moment at which the history begins: 2026-11-21T10:00:00Z. */
const START = 1_795_255_200_000;

export function historyOfFacts(facts: Readonly<Record<string, unknown>>, releases = ['gateway', 'tools']): History {
  const declared = { name: 'sample', releases, kubernetesVersions: ['1.36'], notApplicable: {} };
  const records: HistoryRecord[] = [
    { type: 'begin', at: START, experiment: 'gitops.static', target: 'sample', run: '20261121-100000-abcd' },
    { type: 'fact', at: START, key: 'target.declared', value: declared },
    ...Object.entries(facts).map(([key, value]) => ({ type: 'fact' as const, at: START + 1, key, value })),
    { type: 'end', at: START + 2, status: 'completed' },
  ];
  // As it comes back from the file.
  return new History(JSON.parse(JSON.stringify(records)) as HistoryRecord[]);
}
