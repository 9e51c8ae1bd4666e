import { cpSync, readdirSync, readFileSync, readlinkSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '../../../fixtures/test.ts';
import { stopNode } from '../../../helpers/cluster/embedded/outage.ts';
import { layout, nodeLayout } from '../../../helpers/cluster/embedded/layout.ts';
import { startDaemon } from '../../../helpers/cluster/embedded/process.ts';
import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import type { Options } from '../../../helpers/config/options.ts';
import { Kube } from '../../../helpers/kubernetes/kube.ts';
import { labels } from '../../../helpers/kubernetes/labels.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import { runsFolder } from '../../../helpers/run/run.ts';
import type { RunVerdict } from '../../../helpers/verdict/types.ts';
import { root } from '../unit/repo/repository.ts';
import { startRun } from './whole-run.ts';
import type { WholeRun } from './whole-run.ts';

const gate = 'Gate: Helm deployment';
const runId = /Run (\d{8}-\d{6}-\w+) in/;
/** A run of the gate takes a minute or two; one that hangs does not end within this time, in ms. */
const HANGS_AFTER_MS = 20 * 60_000;

test.describe.configure({ mode: 'serial', timeout: HANGS_AFTER_MS + 10 * 60_000 });

/** What the gate came to, once the run has ended by itself. */
async function gateOf(run: WholeRun) {
  const [, id = ''] = await run.prints(runId);
  const code = await Promise.race([run.ended, delay(HANGS_AFTER_MS, 'hangs' as const, { ref: false })]);
  expect(code, 'the run hangs').not.toBe('hangs');
  expect(code).not.toBe(0);
  const { standards } = JSON.parse(readFileSync(join(runsFolder, id, 'verdict.json'), 'utf8')) as RunVerdict;
  const item = standards.flatMap(({ items }) => items).find(({ id: row }) => row === 'gate-helm-deployment');
  return { status: item?.status, note: item?.note };
}

/** Command line and process id of the API server of the embedded cluster. */
function apiServer(options: Options): { pid: number; command: string[] } {
  const { pki } = layout(options);
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8')
        .split('\0')
        .filter((part) => part !== '');
      if (readlinkSync(`/proc/${name}/exe`).endsWith('/kube-apiserver') && command.some((part) => part.includes(pki)))
        return { pid: Number(name), command };
    } catch {
      // It has ended meanwhile, or is a thread of the kernel.
    }
  }
  throw new Error('there is no API server of the embedded cluster');
}

/** The node that runs a pod of the run. */
async function nodeOf(cluster: ClusterAccess, run: string): Promise<string> {
  const kube = Kube.connect(cluster);
  let node = '';
  await expect
    .poll(
      async () => {
        const { items } = await kube.list(kinds.namespace, { labelSelector: `${labels.run}=${run}` });
        const namespace = items[0]?.metadata?.name;
        if (namespace === undefined) return '';
        const pods = await kube.list(kinds.pod, { namespace });
        node = pods.items.find(({ spec }) => spec?.nodeName !== undefined)?.spec?.nodeName ?? '';
        return node;
      },
      { timeout: 120_000 },
    )
    .not.toBe('');
  return node;
}

test.describe('A run whose surroundings fail', { tag: '@full' }, () => {
  test('should be inconclusive when the API server is restarted', async ({ cluster, options }) => {
    expect(cluster.provider).toBe('embedded');
    const run = startRun(gate);
    await run.prints(/helm install gateway/);
    const { pid, command } = apiServer(options);
    process.kill(pid, 'SIGKILL');
    await delay(5_000);
    const own = layout(options);
    startDaemon({
      name: 'kube-apiserver',
      network: nodeLayout(own, options.network, 1).name,
      command,
      logs: own.logs,
      env: { GOGC: '50' },
    });
    expect(await gateOf(run)).toMatchObject({
      status: 'inconclusive',
      note: expect.stringContaining('API server was away'),
    });
  });

  test('should be inconclusive when a node is lost', async ({ cluster }) => {
    const run = startRun(gate);
    const [, id = ''] = await run.prints(runId);
    await run.prints(/helm install gateway/);
    const resume = await stopNode(cluster, await nodeOf(cluster, id));
    try {
      expect(await gateOf(run)).toMatchObject({
        status: 'inconclusive',
        note: expect.stringMatching(/node \S+ was lost/),
      });
    } finally {
      await resume();
    }
  });

  test('should not pass when the disk is full', async ({ cluster }) => {
    test.info().annotations.push({ type: 'cluster', description: cluster.context });
    // A disk of its own, which no other run sees; it goes with the run.
    const mounted = 'mount -t tmpfs -o size=160m tmpfs "$0" && exec "$@"';
    const run = startRun(gate, { through: ['unshare', '--mount', 'sh', '-c', mounted, runsFolder] });
    await run.prints(/helm install gateway/);
    const disk = `/proc/${String(run.process.pid)}/root${runsFolder}`;
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'fills-this'), Buffer.alloc(Math.max(0, bavail * bsize - 64 * 1024)));
    const code = await Promise.race([run.ended, delay(HANGS_AFTER_MS, 'hangs' as const, { ref: false })]);
    expect(code, run.output()).not.toBe('hangs');
    expect(code).not.toBe(0);
    expect(run.output()).toMatch(/disk of the run was full|ENOSPC|no space left/i);
    expect(run.output()).not.toMatch(/^1 passed/m);
  });

  test('should be inconclusive when no name is resolved', async ({ cluster }) => {
    test.info().annotations.push({ type: 'cluster', description: cluster.context });
    const folder = test.info().outputPath('target');
    cpSync(join(root, 'fixtures/targets/contextforge'), folder, { recursive: true });
    const file = join(folder, 'target.yaml');
    const elsewhere = 'chart: { repo: "https://charts.invalid", name: gateway, version: 1.0.0 }';
    writeFileSync(file, readFileSync(file, 'utf8').replace('chart: { path: charts/gateway }', elsewhere));
    const judged = await gateOf(startRun(gate, { env: { SEATRIAL_TARGET: folder } }));
    expect(judged).toMatchObject({ status: 'inconclusive', note: expect.stringContaining('cannot be reached') });
  });
});
