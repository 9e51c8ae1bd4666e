import { isReady } from '../../kubernetes/pods.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { AffinityFact } from '../../rollout/scaling-facts.ts';
import { ask } from '../../serving/ask.ts';
import { predictionsOf } from '../../serving/requests.ts';
import { countersIn, metricsOf, risenBy } from './pod-metrics.ts';
import type { Site } from './site.ts';

/** New connections of one client: a fair choice among three pods meets a single one in all of them never, for all practical purposes. */
const CALLS = 120;

/** Calls the model over many new connections, and asks each pod how many of them it counted. */
export async function affinityOf(site: Site, spreadUrl: string): Promise<AffinityFact> {
  return { calls: CALLS, entry: await countedBy(site, site.url), spread: await countedBy(site, spreadUrl) };
}

async function countedBy(site: Site, url: string): Promise<Record<string, number>> {
  const { kube, context } = site;
  const { items } = await kube.list(kinds.pod, { labelSelector: `app=${context.target.name}` });
  const pods = items.filter(isReady).map(({ metadata }) => metadata?.name ?? '');
  const before = await countersOf(site, pods);
  await callAnew(site, url);
  const after = await countersOf(site, pods);
  return Object.fromEntries(
    pods.map((pod, index) => [pod, risenBy(before[index] ?? new Map(), after[index] ?? new Map())]),
  );
}

function countersOf(site: Site, pods: readonly string[]): Promise<Map<string, number>[]> {
  return Promise.all(pods.map(async (pod) => countersIn(await metricsOf(site, pod))));
}

/** One call after the other, each by a connection of its own. */
async function callAnew({ context }: Site, url: string): Promise<void> {
  const [asked] = predictionsOf(context.target);
  if (asked === undefined) throw new Error('there is no sample to ask for');
  const { deadlineMs } = context.target.serving;
  for (let call = 0; call < CALLS; call += 1) {
    context.signal.throwIfAborted();
    await ask(asked, url, { deadlineMs, fresh: true, signal: context.signal });
  }
}
