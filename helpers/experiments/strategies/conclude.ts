import { isReady } from '../../kubernetes/pods.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Phase } from '../../planning/schema.ts';
import type { OutcomeFact, PodsFact } from '../../rollout/facts.ts';
import { askAtEntry } from './ask.ts';
import type { Rollout } from './rollout.ts';
import { oomKillsOf } from './watchdog.ts';
import type { TurnedBack } from './watchdog.ts';

/** Writes down how a rollout ended, and what users get then. Facts: `pods.NAME`, `validation.NAME`, `outcome.NAME`. */
export async function conclude(
  rollout: Rollout,
  {
    result,
    phase,
    turnedBack,
  }: { result: OutcomeFact['result']; phase: Phase | undefined; turnedBack: TurnedBack | undefined },
): Promise<void> {
  const { name, site } = rollout;
  const { history, target } = site.context;
  await recordPods(rollout);
  history.fact(`validation.${name}`, await askAtEntry(target, site.url));
  const outcome: OutcomeFact = {
    result,
    ...(phase === undefined ? {} : { phase: phase.number }),
    ...(turnedBack === undefined ? {} : { turnedBack }),
  };
  history.fact(`outcome.${name}`, outcome);
}

/** Writes down the pods that are there in the end, but for those that are being stopped. */
async function recordPods({ name, site }: Rollout): Promise<void> {
  const { context, kube } = site;
  const { items } = await kube.list(kinds.pod, { labelSelector: `app=${context.target.name}` });
  const pods: PodsFact = items
    .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
    .map((pod) => ({
      name: pod.metadata?.name ?? '',
      version: pod.metadata?.labels?.['model-version'] ?? '',
      ready: isReady(pod),
      restarts: (pod.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0),
      oomKills: oomKillsOf(0, pod),
    }));
  context.history.fact(`pods.${name}`, pods);
}
