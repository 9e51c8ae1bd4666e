import { spawnSync } from 'node:child_process';
import { expect, test } from '../../../fixtures/test.ts';
import { ensureParts } from '../../../helpers/cluster/ensure.ts';
import type { ClusterAccess } from '../../../helpers/cluster/provider.ts';
import { tryFailure, type TryOptions } from '../../../helpers/experiments/failures/try.ts';
import type { ExperimentContext } from '../../../helpers/experiments/types.ts';
import { failures, type FailureId } from '../../../helpers/failures/catalogue.ts';
import { nodeToTake } from '../../../helpers/failures/site-nodes.ts';
import type { FailureSite } from '../../../helpers/failures/types.ts';
import { Helm } from '../../../helpers/helm/helm.ts';
import { History, HistoryWriter } from '../../../helpers/history/history.ts';
import type { Kube } from '../../../helpers/kubernetes/kube.ts';
import { cordon } from '../../../helpers/kubernetes/nodes.ts';
import { ownerMetadata, ownerOf } from '../../../helpers/kubernetes/owner.ts';
import { Redactor } from '../../../helpers/kubernetes/redact.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import { sweep } from '../../../helpers/kubernetes/sweep.ts';
import { waitForReadyPods } from '../../../helpers/kubernetes/wait.ts';
import { readRunbook } from '../../../helpers/runbooks/read.ts';
import { makeWorkbench } from '../../../helpers/runbooks/workbench.ts';
import type { Target } from '../../../helpers/target/schema.ts';
import { isDetected, isRestored, works } from '../../../helpers/verdict/checks/runbook-execution.ts';

/** Longer than two pods need to start on a busy machine, in ms. */
const PATIENCE_MS = 90_000;

const crashed = `kubectl get pods --output jsonpath='{.items[*].status.containerStatuses[*].state.waiting.reason}' | grep CrashLoopBackOff`;

/** A runbook of three blocks. */
function runbook(failure: FailureId, { detect = crashed, remedy, verify }: Record<string, string>) {
  const block = (tag: string, script: string) => `\`\`\`sh {"tag":"${tag}"}\n${script}\n\`\`\`\n`;
  const blocks = [block('detect', detect), block('remedy', remedy ?? 'true'), block('verify', verify ?? 'true')];
  const found = readRunbook('runbook.md', `---\nfailure: ${failure}\n---\n${blocks.join('\n')}`);
  if (found === undefined) throw new Error('that is no runbook');
  return found;
}

function failureOf(id: FailureId) {
  const found = failures.find((failure) => failure.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

/** Two pods that run for ever: the cluster's own DNS server, which nobody asks. */
async function deployWeb(kube: Kube, namespace: string): Promise<void> {
  const dns = await kube.list(kinds.pod, { namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns' });
  const image = dns.items[0]?.spec?.containers[0]?.image ?? '';
  const labels = { app: 'web' };
  const containers = [{ name: 'web', image, args: ['-conf', '/dev/stdin'], stdin: true }];
  await kube.create(kinds.deployment, {
    metadata: { name: 'web' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers,
          terminationGracePeriodSeconds: 0,
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: { matchLabels: labels },
            },
          ],
        },
      },
    },
  });
  await waitForReadyPods(kube, { namespace }, { timeoutMs: PATIENCE_MS });
}

interface Tried extends TryOptions {
  history: () => History;
  dispose: () => void;
}

/** What an experiment would hand over, for the Deployment `web` of this test's namespace. */
async function prepare(
  {
    cluster,
    kube,
    namespace,
    folder,
  }: { cluster: ClusterAccess & { kubectl: string }; kube: Kube; namespace: string; folder: string },
  signal = new AbortController().signal,
): Promise<Tried> {
  await deployWeb(kube, namespace);
  const history = new HistoryWriter(`${folder}/trial.jsonl`);
  const redactor = new Redactor();
  const target = { failures: { gateway: 'Deployment/web', drainNodes: true } } as Target;
  const helm = Helm.on(cluster, { namespace, home: `${folder}/helm`, history });
  const { metadata } = await kube.get(kinds.namespace, { name: namespace });
  const owner = { labels: metadata?.labels ?? {}, annotations: metadata?.annotations ?? {} };
  const common = { target, cluster, history, redactor, signal, folder };
  const site: FailureSite = { ...common, kube, helm, releases: [], kubectl: cluster.kubectl, owner };
  const workbench = await makeWorkbench({ access: cluster, namespace, releases: [], redactor });
  return {
    context: { ...common, progress: () => undefined } as unknown as ExperimentContext,
    site,
    workbench,
    history: () => History.read(history.file) ?? new History([]),
    dispose: workbench.dispose,
  };
}

test.describe('Runbooks on a cluster', () => {
  let access: (ClusterAccess & { kubectl: string }) | undefined;

  test.beforeAll(async ({ cluster, options, progress }) => {
    const withKubectl = await ensureParts(cluster, ['kubectl'], { options, progress });
    const { kubectl } = withKubectl;
    access = kubectl === undefined ? undefined : { ...withKubectl, kubectl };
    // Elsewhere it is the machine's own, which it has or has not.
    expect(access !== undefined || cluster.provider !== 'embedded').toBe(true);
  });

  const undo = 'kubectl rollout undo deployment/web && kubectl rollout status deployment/web --timeout=60s';
  const judged = [
    {
      name: 'work when they repair what was broken',
      blocks: { remedy: undo, verify: 'true' },
      expected: ['pass', 'pass', 'pass'],
    },
    {
      name: 'not work when a command does not',
      blocks: { remedy: 'kubectl rollout undoo deployment/web' },
      expected: ['fail', 'fail', 'pass'],
    },
    { name: 'be found out when they succeed and repair nothing', blocks: {}, expected: ['pass', 'fail', 'pass'] },
    {
      name: 'be found out when their symptom is always there',
      blocks: { detect: 'true', remedy: undo },
      expected: ['pass', 'pass', 'fail'],
    },
  ];
  for (const { name, blocks, expected } of judged) {
    test(`should ${name}`, { tag: '@full' }, async ({ kube, namespace }, testInfo) => {
      if (access === undefined) return;
      const tried = await prepare({ cluster: access, kube, namespace: namespace.name, folder: testInfo.outputPath() });
      const failure = failureOf('pod-crash-loop');
      const well = await tryFailure(tried, failure, runbook('pod-crash-loop', blocks));
      tried.dispose();
      const verdicts = [works, isRestored, isDetected].map((check) => check(failure).evaluate(tried.history()).verdict);
      expect(verdicts).toEqual(expected);
      // Whatever the runbook did: what was broken is whole again.
      expect(well).toBe(true);
      const { spec } = await kube.get(kinds.deployment, { name: 'web' });
      expect(spec?.template.spec?.containers[0]?.command).toBeUndefined();
    });
  }

  test(
    'should leave no node cordoned when they are ended in the middle',
    { tag: '@smoke' },
    async ({ kube, namespace }, testInfo) => {
      if (access === undefined) return;
      const controller = new AbortController();
      const folder = testInfo.outputPath();
      const tried = await prepare({ cluster: access, kube, namespace: namespace.name, folder }, controller.signal);
      const { node } = await nodeToTake(tried.site);
      const running = tryFailure(tried, failureOf('node-drained'), runbook('node-drained', { detect: 'sleep 60' }));
      const cordoned = async () => (await kube.get(kinds.node, { name: node })).spec?.unschedulable === true;
      await expect.poll(cordoned, { timeout: PATIENCE_MS }).toBe(true);
      controller.abort(new Error('Ctrl-C'));
      await expect(running).rejects.toThrow('Ctrl-C');
      tried.dispose();
      expect(await cordoned()).toBe(false);
      expect(tried.history().writes.map(({ verb }) => verb)).toEqual(
        expect.arrayContaining(['cordon', 'evict', 'uncordon']),
      );
    },
  );

  test(
    'should leave a cordon of a dead run to the next sweep',
    { tag: '@smoke' },
    async ({ kube, history, progress }) => {
      const { items } = await kube.list(kinds.node);
      const name = items.at(-1)?.metadata?.name ?? '';
      const { pid } = spawnSync(process.execPath, ['--version']);
      const dead = ownerMetadata({ run: 'a-dead-run', test: 'cordon', owner: { ...ownerOf(process.pid), pid } });
      await cordon(kube, name, { owner: dead, history });
      await sweep(kube, progress);
      const { spec, metadata } = await kube.get(kinds.node, { name });
      expect(spec?.unschedulable).toBeUndefined();
      expect(Object.keys(metadata?.annotations ?? {})).not.toContain('seatrial.dev/cordoned');
    },
  );
});
