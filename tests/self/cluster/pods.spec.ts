import { expect, test } from '../../../fixtures/test.ts';
import { History } from '../../../helpers/history/history.ts';
import { observePods } from '../../../helpers/kubernetes/record.ts';
import type { Kube } from '../../../helpers/kubernetes/kube.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import type { Pod } from '../../../helpers/kubernetes/resources.ts';
import { refuseHopelessPods, waitForReadyPods } from '../../../helpers/kubernetes/wait.ts';

type Container = NonNullable<Pod['spec']>['containers'][number];

/** Long enough for a pod to start on a busy machine, in ms. */
const PATIENCE_MS = 90_000;

function run(kube: Kube, container: Omit<Container, 'name'>): Promise<Pod> {
  const spec = { containers: [{ name: 'app', ...container }], terminationGracePeriodSeconds: 0 };
  return kube.create(kinds.pod, { metadata: { name: 'trial' }, spec });
}

/** An image that the cluster has for certain, and that talks: the one of its DNS. (What nodes report of their images comes late.) */
async function presentImage(kube: Kube): Promise<string> {
  const { items } = await kube.list(kinds.pod, { namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns' });
  return items[0]?.spec?.containers[0]?.image ?? '';
}

test.describe('Pods that do not come up', { tag: '@smoke' }, () => {
  test('should be told at once when the image cannot be pulled, with its name and the reason', async ({
    kube,
    namespace,
    cluster,
  }) => {
    const image = `${cluster.registry?.pull ?? 'registry.invalid'}/no/such-image:1.2.3`;
    await run(kube, { image });
    const waiting = waitForReadyPods(kube, { namespace: namespace.name }, { timeoutMs: 10 * PATIENCE_MS });
    await expect(waiting).rejects.toThrow(
      /image \S+no\/such-image:1\.2\.3 cannot be pulled: .*(not found|no such host)/s,
    );
  });

  test('should be told at once when a Secret is missing', async ({ kube, namespace }) => {
    const image = await presentImage(kube);
    await run(kube, { image, envFrom: [{ secretRef: { name: 'missing' } }] });
    const over = new AbortController();
    await expect(refuseHopelessPods(kube, namespace.name, over.signal)).rejects.toThrow(/secret "missing" not found/);
    over.abort();
  });

  test('should say why they are not ready: the failed probe and the last log lines', async ({ kube, namespace }) => {
    const image = await presentImage(kube);
    const readinessProbe = { httpGet: { path: '/nothing-here', port: 1 }, periodSeconds: 1 };
    await run(kube, { image, readinessProbe });
    const waiting = waitForReadyPods(kube, { namespace: namespace.name }, { timeoutMs: 15_000 });
    await expect(waiting).rejects.toThrow(/Readiness probe failed/);
    await expect(waiting).rejects.toThrow(/last log lines:\n\s+\S/);
  });

  test('should be observed from their scheduling to their start', async ({ kube, namespace, history }) => {
    const observer = observePods(kube, namespace.name, history);
    // Any command that goes on running will do: DNS for a zone that nobody asks for.
    const args = ['-conf', '/dev/stdin'];
    await run(kube, { image: await presentImage(kube), args, stdin: true });
    await waitForReadyPods(kube, { namespace: namespace.name }, { timeoutMs: PATIENCE_MS });
    const seen = () => History.read(history.file)?.observations.map(({ what, object }) => `${what} ${object}`) ?? [];
    // The observer has a watch of its own, which may be a moment behind the one that the test waited for.
    await expect
      .poll(seen)
      .toEqual(
        expect.arrayContaining(['pod.scheduled Pod/trial', 'container.started Pod/trial', 'pod.ready Pod/trial']),
      );
    await observer.stop();
  });
});
