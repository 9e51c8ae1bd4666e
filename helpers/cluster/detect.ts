import type { Kube } from '../kubernetes/kube.ts';
import type { Resource } from '../kubernetes/resources.ts';
import { argoRolloutsIsReady } from './argo-rollouts.ts';
import { fluxIsReady } from './flux.ts';
import { istioIsReady } from './istio.ts';
import { loadBalancerIsThere } from './load-balancer.ts';
import { metricsAreServed } from './metrics.ts';
import type { ClusterPart } from './provider.ts';

/** How each part that somebody may have installed on a cluster of theirs is recognised. Each asks only what every trial may ask. */
const detectors: Partial<Record<ClusterPart, (kube: Kube) => Promise<boolean>>> = {
  storage: hasDefaultStorageClass,
  flux: fluxIsReady,
  istio: istioIsReady,
  'argo-rollouts': argoRolloutsIsReady,
  metrics: metricsAreServed,
  'load-balancer': loadBalancerIsThere,
};

/** The parts that a cluster has which Seatrial did not make. */
export async function detectParts(kube: Kube): Promise<ClusterPart[]> {
  const found = await Promise.all(
    Object.entries(detectors).map(async ([part, isThere]) => ((await isThere(kube)) ? [part as ClusterPart] : [])),
  );
  return found.flat();
}

const storageClass: Resource = {
  kind: 'StorageClass',
  apiVersion: 'storage.k8s.io/v1',
  plural: 'storageclasses',
  namespaced: false,
};

async function hasDefaultStorageClass(kube: Kube): Promise<boolean> {
  const { items } = await kube.list(storageClass);
  return items.some(
    ({ metadata }) => metadata?.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
  );
}
