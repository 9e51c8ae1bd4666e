import type { Kube } from '../../kubernetes/kube.ts';
import { waitUntil } from '../../wait.ts';

/** The kubelet counts every ten to twenty seconds; longer than three times that it is not waited for, in ms. */
const COUNT_LIMIT_MS = 60_000;

/** Scheduling periods of a container since its start, and the moment of the count, in ms since the epoch. */
export interface CpuPeriods {
  all: number;
  throttled: number;
  at: number;
}

interface Container {
  node: string;
  namespace: string;
  pod: string;
  container: string;
}

/**
 * What the kubelet counts of the periods in which a container was throttled, at `since` or later.
 * @returns undefined where it counts none, as for a container without a limit on CPU.
 */
export async function cpuPeriodsSince(
  kube: Kube,
  where: Container,
  since: number,
  signal: AbortSignal,
): Promise<CpuPeriods | undefined> {
  let found: CpuPeriods | undefined;
  const isCounted = async () => {
    const path = `/api/v1/nodes/${encodeURIComponent(where.node)}/proxy/metrics/cadvisor`;
    found = cpuPeriodsIn(await new Response(await kube.stream(path, { signal })).text(), where);
    return found !== undefined && found.at >= since;
  };
  await waitUntil('the kubelet has counted CPU periods', isCounted, {
    timeoutMs: COUNT_LIMIT_MS,
    everyMs: 1_000,
    signal,
  }).catch(() => {
    signal.throwIfAborted();
    found = undefined;
  });
  return found;
}

/** Reads the two counters out of the kubelet's metrics; undefined when either is missing. */
export function cpuPeriodsIn(
  text: string,
  { namespace, pod, container }: Omit<Container, 'node'>,
): CpuPeriods | undefined {
  const labels = [`container="${container}"`, `namespace="${namespace}"`, `pod="${pod}"`];
  const one = (metric: string) => {
    const line = text
      .split('\n')
      .find((each) => each.startsWith(`${metric}{`) && labels.every((label) => each.includes(label)));
    const [value, at] = (line?.slice(line.lastIndexOf('}') + 1).trim() ?? '').split(/\s+/).map(Number);
    return value === undefined || at === undefined || Number.isNaN(value) ? undefined : { value, at };
  };
  const all = one('container_cpu_cfs_periods_total');
  const throttled = one('container_cpu_cfs_throttled_periods_total');
  if (all === undefined || throttled === undefined) return undefined;
  return { all: all.value, throttled: throttled.value, at: Math.min(all.at, throttled.at) };
}
