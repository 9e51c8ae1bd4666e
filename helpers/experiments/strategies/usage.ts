import type { Pod } from '../../kubernetes/resources.ts';
import { oomKillsOf } from './watchdog.ts';
import type { Site } from './site.ts';

/** What one pod uses while traffic is on it, as its kubelet says; undefined where the kubelet does not know it yet. */
export interface UsageFact {
  pod: string;
  memoryBytes?: number;
  cpuCores?: number;
  oomKills: number;
  restarts: number;
}

interface Summary {
  pods?: {
    podRef: { name: string; namespace: string };
    containers?: { name: string; cpu?: { usageNanoCores?: number }; memory?: { workingSetBytes?: number } }[];
  }[];
}

/** Asks the kubelets, which know it whether or not the cluster has a metrics server. */
export async function usageOf({ kube, namespace }: Site, pods: readonly Pod[]): Promise<UsageFact[]> {
  const nodes = [...new Set(pods.flatMap(({ spec }) => spec?.nodeName ?? []))];
  const summaries = await Promise.all(
    nodes.map((node) => kube.request<Summary>(`/api/v1/nodes/${encodeURIComponent(node)}/proxy/stats/summary`)),
  );
  const known = summaries.flatMap((summary) => summary.pods ?? []);
  return pods.map((pod) => {
    const name = pod.metadata?.name ?? '';
    const own = known.find(({ podRef }) => podRef.name === name && podRef.namespace === namespace);
    const server = own?.containers?.find((container) => container.name === 'model-server');
    const memoryBytes = server?.memory?.workingSetBytes;
    const nanoCores = server?.cpu?.usageNanoCores;
    return {
      pod: name,
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
      ...(nanoCores === undefined ? {} : { cpuCores: nanoCores / 1e9 }),
      oomKills: oomKillsOf(0, pod),
      restarts: (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
    };
  });
}
