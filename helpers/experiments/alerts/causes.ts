import { kinds } from '../../kubernetes/resources.ts';
import { waitForRollout } from '../../kubernetes/rollouts.ts';
import { alertNames, podNotReady } from '../../monitoring/rules.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import type { ModelVersion } from '../../target/model/versions.ts';
import { apply, deploymentOf, READY_LIMIT_MS, versionObjects } from '../strategies/site.ts';
import type { Site } from '../strategies/site.ts';

/** Something that really happens to a model, and the alerts that have to tell of it. */
export interface Cause {
  name: string;
  alerts: string[];
  /** Returns when it is on its way: whether it is there is what the alert has to tell. */
  begin: (site: Site) => Promise<void>;
}

/** The causes that can be made of the versions that the target declares. */
export function causesOf({ versions: { bad } }: ModelTarget): Cause[] {
  const byVersion = (name: string, version: ModelVersion | undefined, ...alerts: string[]): Cause[] =>
    version === undefined ? [] : [{ name, alerts, begin: (site) => bringIn(site, version) }];
  return [
    ...byVersion('failing', bad.failing, alertNames['error-rate']),
    ...byVersion('slow', bad.slow, alertNames['average-latency'], alertNames.p95),
    ...byVersion('leaking', bad.leaking, alertNames['oom-kills']),
    ...byVersion('never-ready', bad['never-ready'], podNotReady),
    { name: 'scaled-to-nothing', alerts: [alertNames.availability], begin: (site) => scale(site, 0) },
  ];
}

/** Back to the stable version in the declared number; returns when it serves. */
export async function endCause(site: Site): Promise<void> {
  await bringIn(site, site.context.target.versions.stable);
  await waitForRollout(site.kube, deploymentOf(site, 'stable'), {
    timeoutMs: READY_LIMIT_MS,
    signal: site.context.signal,
  });
}

function bringIn(site: Site, version: ModelVersion): Promise<void> {
  return apply(site, versionObjects(site, 'stable', version, site.context.target.replicas));
}

async function scale(site: Site, replicas: number): Promise<void> {
  const { context, kube, namespace } = site;
  const name = deploymentOf(site, 'stable');
  context.history.write(`scale to ${String(replicas)}`, `Deployment/${name}`, namespace);
  await kube.patch(kinds.deployment, { name }, { spec: { replicas } });
}
