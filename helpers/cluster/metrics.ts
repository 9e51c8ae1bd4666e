import { isNotFound, KubeError } from '../kubernetes/kube.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';

const group = '/apis/metrics.k8s.io/v1beta1';

/**
 * Whether what pods use can be asked for, by the API that the HorizontalPodAutoscaler reads. Who may not list the metrics of nodes is
 * told by the API's own description, which comes from whatever serves it and so is not there when nothing does.
 */
export async function metricsAreServed(kube: Kube): Promise<boolean> {
  try {
    const [measured, nodes] = await Promise.all([
      kube.request<{ items: unknown[] }>(`${group}/nodes`),
      kube.list(kinds.node),
    ]);
    return nodes.items.length > 0 && measured.items.length >= nodes.items.length;
  } catch (thrown) {
    if (thrown instanceof KubeError && thrown.status === 403) return describesItself(kube);
    if (isUnserved(thrown)) return false;
    throw thrown;
  }
}

async function describesItself(kube: Kube): Promise<boolean> {
  try {
    await kube.request(group);
    return true;
  } catch (thrown) {
    if (isUnserved(thrown)) return false;
    throw thrown;
  }
}

function isUnserved(thrown: unknown): boolean {
  return isNotFound(thrown) || (thrown instanceof KubeError && thrown.status >= 500);
}
