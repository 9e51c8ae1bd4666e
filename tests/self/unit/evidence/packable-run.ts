import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import type { Header } from 'tar-stream';
import { historyFile, judgedRun } from '../verdict/stored-run.ts';

/** What an experiment leaves beside its history, by path below the folder of a run. */
const left: Readonly<Record<string, string>> = {
  'host.json': '{"platform":"linux"}\n',
  'cluster.json':
    '{"value":{"provider":"kind","kubeconfig":"/home/somebody/.kube/config","kubernetesVersion":"v1.36.3","parts":["flux"]}}',
  'images/contextforge.json': '{"value":{"gateway":{"repository":"registry.example.com/gateway","tag":"1.1.0"}}}',
  'timelines/contextforge/first-tool-call.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
  'target/contextforge/target.yaml': 'name: contextforge\n',
  'target/contextforge/values/gateway.yaml': 'replicas: 2\n',
  'experiments/contextforge/chart.static/gateway-1.36.yaml':
    'apiVersion: v1\nkind: Service\nmetadata:\n  name: gateway\n',
  'experiments/contextforge/chart.static/helm/charts/1.0.0/gateway/Chart.yaml': 'name: gateway\nversion: 1.0.0\n',
  'experiments/contextforge/chart.lifecycle/helm/charts/1.0.0/gateway/Chart.yaml': 'name: gateway\nversion: 1.0.0\n',
  'experiments/contextforge/chart.lifecycle/helm/charts/1.0.0/gateway/values.yaml': 'replicas: 2\n',
  'experiments/contextforge/upgrade.path/helm/charts/1.0.0/gateway/values.yaml': 'replicas: 3\n',
  'experiments/contextforge/first-tool-call/artifacts/seatrial-abcde/logs/gateway/app.log': 'it starts\nit serves\n',
  'experiments/contextforge/gitops.deploy/desired-state/gitops/gateway.yaml': 'kind: HelmRelease\n',
  'experiments/contextforge/gitops.deploy/desired-state/.git/config': '[remote "origin"]\n',
  'experiments/contextforge/first-tool-call/helm/cache/repository/index.yaml': 'entries: {}\n',
};

/** A judged run with everything that a whole trial leaves. */
export async function packableRun(folder: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  await judgedRun(folder);
  for (const [path, content] of Object.entries({ ...left, ...more })) put(folder, path, content);
  return folder;
}

export function put(folder: string, path: string, content: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Adds a line to the history of an experiment, as a fact. */
export function plant(folder: string, experiment: string, value: unknown): void {
  const file = historyFile(folder, experiment);
  const [first = '', ...rest] = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, [first, JSON.stringify({ type: 'fact', at: 1, key: 'planted', value }), ...rest].join('\n'));
}

/** Every file of an archive, by name. */
export async function unpacked(archive: string): Promise<Map<string, { content: Buffer; header: Header }>> {
  const files = new Map<string, { content: Buffer; header: Header }>();
  const extract = tar.extract();
  const collect = async () => {
    for await (const entry of extract) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry as AsyncIterable<unknown>) chunks.push(chunk as Uint8Array);
      files.set(entry.header.name, { content: Buffer.concat(chunks), header: entry.header });
    }
  };
  await Promise.all([pipeline(Readable.from([readFileSync(archive)]), createGunzip(), extract), collect()]);
  return files;
}
