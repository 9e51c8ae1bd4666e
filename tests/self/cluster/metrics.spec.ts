import { expect, test } from '../../../fixtures/test.ts';
import type { Kube } from '../../../helpers/kubernetes/kube.ts';
import { kinds } from '../../../helpers/kubernetes/resources.ts';
import { deployWeb, PATIENCE_MS, webImage, withParts } from './web.ts';

/** `12345678n` or `12m` as thousandths of a processor. */
function millicores(text = '0'): number {
  const value = Number.parseFloat(text);
  return text.endsWith('n') ? value / 1e6 : text.endsWith('u') ? value / 1e3 : text.endsWith('m') ? value : value * 1e3;
}

interface PodMetrics {
  items: { containers: { name: string; usage: { cpu: string; memory: string } }[] }[];
}

/** What the pods of the namespace use, in thousandths of a processor; nothing while they are not measured yet. */
async function use(kube: Kube): Promise<number[]> {
  const { items } = await kube.request<PodMetrics>(
    `/apis/metrics.k8s.io/v1beta1/namespaces/${kube.namespace ?? ''}/pods`,
  );
  return items.map(({ containers }) => containers.reduce((sum, { usage }) => sum + millicores(usage.cpu), 0));
}

test.describe('Metrics of nodes and pods', { tag: '@full' }, () => {
  test('should tell what a pod really uses, and let a HorizontalPodAutoscaler act on it', async ({
    cluster,
    options,
    kube,
  }) => {
    await withParts(['metrics'], { cluster, options }, async (access) => {
      const image = await webImage({ cluster: access, options });
      // A second process that does nothing but count, held at a tenth of a processor.
      const resources = { requests: { cpu: '50m' }, limits: { cpu: '100m' } };
      await deployWeb(kube, { name: 'web', image, files: { 'index.html': 'idle' } });
      const patch = {
        spec: {
          template: {
            spec: {
              containers: [{ name: 'web', image, command: ['/bin/sh', '-c', 'while :; do :; done'], resources }],
            },
          },
        },
      };
      const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
      const target = { type: 'Utilization', averageUtilization: 70 };
      await kube.create(kinds.horizontalPodAutoscaler, {
        metadata: { name: 'web' },
        spec: {
          scaleTargetRef,
          minReplicas: 1,
          maxReplicas: 2,
          metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
        },
      });
      await kube.patch(kinds.deployment, { name: 'web' }, patch);
      await expect.poll(async () => Math.max(0, ...(await use(kube))), { timeout: PATIENCE_MS }).toBeGreaterThan(60);
      const wanted = async () =>
        (await kube.get(kinds.horizontalPodAutoscaler, { name: 'web' })).status?.desiredReplicas;
      await expect.poll(wanted, { timeout: PATIENCE_MS }).toBe(2);
    });
  });
});
