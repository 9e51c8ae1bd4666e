import { ownAddress } from '../../cluster/own-address.ts';
import type { ClusterAccess } from '../../cluster/provider.ts';
import { manifestsOf } from '../../deliverables/manifests.ts';
import type { Manifest, Service } from '../../deliverables/objects.ts';
import { slotService } from '../../deliverables/services.ts';
import { slotOf, workloadName } from '../../deliverables/slots.ts';
import type { Role } from '../../deliverables/slots.ts';
import { deployment } from '../../deliverables/workloads.ts';
import { applyObjects } from '../../kubernetes/apply.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { observePods } from '../../kubernetes/record.ts';
import { waitForRollout } from '../../kubernetes/rollouts.ts';
import { createSecrets } from '../../kubernetes/secrets.ts';
import { entryOf } from '../../serving/entry.ts';
import type { Entry } from '../../serving/entry.ts';
import type { ModelTarget, Strategy } from '../../target/model/schema.ts';
import type { ModelVersion } from '../../target/model/versions.ts';
import type { ImageLocations } from '../../target/placeholders.ts';
import { waitUntil } from '../../wait.ts';
import { own, trial } from '../steps.ts';
import type { ExperimentContext } from '../types.ts';
import { askAtEntry } from './ask.ts';

/** Until pods are ready, in ms: an image may have to be pulled first. */
export const READY_LIMIT_MS = 180_000;

/** Until users are answered once all pods are ready, in ms: nodes learn of a new Service within a second or two. */
const ANSWER_LIMIT_MS = 30_000;

/** A model that is deployed in a namespace of its own, and where its versions stand. */
export interface Site {
  context: ExperimentContext<ModelTarget>;
  strategy: Strategy;
  images: ImageLocations;
  namespace: string;
  /** Bound to the namespace. */
  kube: Kube;
  /** Where users enter, and how. */
  url: string;
  way: Entry['way'];
  /**
   * Places are taken in turn: what was the candidate's place when it came in is that of the stable version for the next rollout, and the
   * other way round. Where both have one Deployment, the two are the same.
   */
  flipped: boolean;
}

/** The place (slot) that a role has now. */
export function seatOf({ flipped }: Pick<Site, 'flipped'>, role: Role): Role {
  if (!flipped) return role;
  return role === 'stable' ? 'candidate' : 'stable';
}

/** Name of the Deployment of a role. */
export function deploymentOf(site: Pick<Site, 'context' | 'strategy' | 'flipped'>, role: Role): string {
  return workloadName(site.context.target.name, site.strategy, seatOf(site, role));
}

/** Whether both versions have the same Deployment, one after the other. */
export function isShared({ strategy }: Pick<Site, 'strategy'>): boolean {
  return slotOf(strategy, 'stable') === undefined;
}

/** Applies objects, each of them as a write of the history. */
export async function apply(
  { context, kube, namespace }: Pick<Site, 'context' | 'kube' | 'namespace'>,
  objects: readonly Manifest[],
): Promise<void> {
  for (const { kind = '', metadata } of objects)
    context.history.write('apply', `${kind}/${metadata?.name ?? ''}`, namespace);
  const sent = await Promise.all(
    objects.map((object) => atOwnAddress(object, { cluster: context.cluster, namespace })),
  );
  // What is sent is JSON, whose moments are texts; manifests have none.
  await applyObjects(kube, sent as never);
}

/** A Service of type LoadBalancer asks for an address that no experiment before it had. */
async function atOwnAddress(
  object: Manifest,
  { cluster, namespace }: { cluster: ClusterAccess; namespace: string },
): Promise<Manifest> {
  const { kind, metadata } = object;
  if (kind !== 'Service' || !('spec' in object) || (object as Service).spec?.type !== 'LoadBalancer') return object;
  const asked = await ownAddress(cluster, { namespace, name: metadata?.name ?? '' });
  return { ...object, metadata: { ...metadata, annotations: { ...metadata?.annotations, ...asked } } };
}

/** The Deployment of a version in the place of a role, and the Service by which it is asked directly. */
export function versionObjects(site: Site, role: Role, version: ModelVersion, replicas: number): Manifest[] {
  const { strategy, images, context } = site;
  const seat = seatOf(site, role);
  const direct = slotService(context.target, strategy, seat);
  return [
    deployment(context.target, { strategy, role: seat, version, replicas, images }),
    ...(direct === undefined ? [] : [direct]),
  ];
}

/**
 * Makes a namespace, and brings up the stable version with everything that users need to enter. The autoscaler is left out: how it changes
 * the number of pods is tried on its own, and in the middle of a phase it would blur what the strategy did. Steps: `namespace`, `secrets`,
 * `deploy`, `entry`. Images are built before the first step, unless that has been done in this run.
 * @param bringUp deploys the stable version and what users need to enter, and returns when it is ready.
 * @returns undefined when the target failed; the step says why.
 */
export async function deployModel(
  context: ExperimentContext<ModelTarget>,
  strategy: Strategy,
  bringUp: (site: Site) => Promise<void> = bringUpDeployments,
): Promise<{ site: Site | undefined; stopObserving: () => Promise<void> }> {
  const { target, history, redactor, signal, cluster } = context;
  const images = await context.images();
  const { name: namespace, kube } = await own(context, 'namespace', 'make a namespace', () => context.namespace());
  const observer = observePods(kube, namespace, history);
  const stopObserving = () => observer.stop();
  await own(context, 'secrets', 'make the Secrets', () => createSecrets(kube, target.secrets, { redactor, history }));
  const draft = { context, strategy, images, namespace, kube, url: '', way: 'node-port' as const, flipped: false };
  const deployed = await trial(context, 'deploy', `deploy ${target.versions.stable.modelVersion}`, async () => {
    await bringUp(draft);
    return true;
  });
  if (deployed === undefined) return { site: undefined, stopObserving };
  const found = await trial(
    context,
    'entry',
    'find where users enter',
    async () => {
      const way = await entryOf(kube, target, { parts: cluster.parts, signal });
      // Pods are ready before every node knows the way to them.
      await waitUntil(
        'users are answered',
        async () => (await askAtEntry(target, way.url)).every(({ outcome }) => outcome === 'served'),
        { timeoutMs: ANSWER_LIMIT_MS, everyMs: 200, signal },
      );
      return way;
    },
    (way) => ({ ...way }),
  );
  return { site: found === undefined ? undefined : { ...draft, ...found }, stopObserving };
}

async function bringUpDeployments(site: Site): Promise<void> {
  const { context, strategy, images } = site;
  const { target } = context;
  const { base, entry } = manifestsOf(target, strategy, images);
  const stable = versionObjects(site, 'stable', target.versions.stable, target.replicas);
  // Users enter last: the objects before it are what they enter into.
  await apply(site, [...base, ...stable, ...entry]);
  await deploymentsAreReady(site, [...base, ...stable]);
}

/** Waits for the Deployments among the objects. */
export async function deploymentsAreReady({ context, kube }: Site, objects: readonly Manifest[]): Promise<void> {
  const limits = { timeoutMs: READY_LIMIT_MS, signal: context.signal };
  for (const { kind, metadata } of objects)
    if (kind === 'Deployment') await waitForRollout(kube, metadata?.name ?? '', limits);
}
