import type { Pod } from '../../kubernetes/resources.ts';
import { parseQuantity } from '../../target/model/quantity.ts';
import type { UsageFact } from '../../rollout/facts.ts';
import { oomKillsOf } from './watchdog.ts';
import type { Site } from './site.ts';

interface Summary {
  pods?: {
    podRef: { name: string; namespace: string };
    containers?: { name: string; cpu?: { usageNanoCores?: number }; memory?: { workingSetBytes?: number } }[];
  }[];
}

/** What the pods use, as their kubelets say, which know it whether or not the cluster has a metrics server. */
export async function usageOf(
  { kube, namespace, context }: Pick<Site, 'kube' | 'namespace' | 'context'>,
  pods: readonly Pod[],
): Promise<UsageFact> {
  const nodes = [...new Set(pods.flatMap(({ spec }) => spec?.nodeName ?? []))];
  const summaries = await Promise.all(
    nodes.map((node) => kube.request<Summary>(`/api/v1/nodes/${encodeURIComponent(node)}/proxy/stats/summary`)),
  );
  const known = summaries.flatMap((summary) => summary.pods ?? []);
  const { cpu, memory } = context.target.resources.limits;
  const limits = { memoryBytes: whole(memory), cpuCores: whole(cpu) };
  const used = pods.map((pod) => {
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
  return { limits, pods: used };
}

/** A quantity in its unit. */
function whole(quantity: string): number {
  return Number(parseQuantity(quantity) ?? 0n) / 1e9;
}
