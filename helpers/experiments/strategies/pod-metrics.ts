import { kinds } from '../../kubernetes/resources.ts';
import { countsCalls } from '../../rollout/counters.ts';
import { metricsPort } from '../../target/model/serving.ts';
import type { Site } from './site.ts';

/** What a pod tells to Prometheus, asked by way of the API server, past the way that users take. */
export async function metricsOf({ kube, context }: Pick<Site, 'kube' | 'context'>, pod: string): Promise<string> {
  const { serving } = context.target;
  const port = serving.ports[metricsPort(serving) ?? 'http'];
  const at = kube.path(kinds.pod, { name: `${pod}:${String(port)}`, subresource: 'proxy' });
  const stream = await kube.stream(`${at}${serving.paths.metrics}`, { signal: context.signal });
  return new Response(stream).text();
}

/** Counters of calls, with their labels. */
export function countersIn(text: string): Map<string, number> {
  const found = [...text.matchAll(/^(([a-zA-Z_:][\w:]*)(?:\{.*\})?)\s+(\S+)/gm)];
  return new Map(
    found.flatMap(([, series = '', name = '', value]) => (countsCalls(name) ? [[series, Number(value)] as const] : [])),
  );
}

/** The most that any of the counters has risen by: what a pod that was called has counted. Probes are counted elsewhere, or hardly. */
export function risenBy(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  return Math.max(0, ...[...after].map(([series, value]) => value - (before.get(series) ?? 0)));
}
