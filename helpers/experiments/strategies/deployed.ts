import { entryName } from '../../deliverables/slots.ts';
import { kinds } from '../../kubernetes/resources.ts';
import { countersIn, metricsOf } from './pod-metrics.ts';
import type { Site } from './site.ts';
import { usageOf } from './usage.ts';

/** A line of metrics that is neither empty nor a comment. */
const SAMPLE = /^[a-zA-Z_:][\w:]*(\{.*\})?\s+\S+/;

/**
 * Looks at what was deployed, while traffic is on it: the Service where users enter, the metrics of each pod, and what the pods use. Facts:
 * `entry.service`, `metrics`, `usage`.
 */
export async function observeDeployment(site: Site): Promise<void> {
  const { context, kube } = site;
  const { history, target } = context;
  const { spec } = await kube.get(kinds.service, { name: entryName(target.name) });
  const { items: pods } = await kube.list(kinds.pod, { labelSelector: `app=${target.name}` });
  const serving = pods.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
  history.fact('entry.service', {
    type: spec?.type,
    ports: (spec?.ports ?? []).map(({ port, targetPort }) => ({ port, targetPort })),
    affinity: spec?.sessionAffinity,
    affinitySeconds: spec?.sessionAffinityConfig?.clientIP?.timeoutSeconds,
    way: site.way,
    url: site.url,
  });
  const metrics = await Promise.all(
    serving.map(async ({ metadata }) => {
      const name = metadata?.name ?? '';
      const text = await metricsOf(site, name).catch(() => '');
      const lines = text.split('\n').filter((line) => SAMPLE.test(line));
      return {
        pod: name,
        samples: lines.length,
        names: [...new Set(lines.map((line) => line.split(/[{\s]/)[0] ?? ''))],
        counted: Math.max(0, ...countersIn(text).values()),
      };
    }),
  );
  history.fact('metrics', metrics);
  history.fact('usage', await usageOf(site, serving));
}
