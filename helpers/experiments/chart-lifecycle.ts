import { parseAllDocuments } from 'yaml';
import type { Helm, ReleaseInput } from '../helm/helm.ts';
import { objectsIn } from '../kubernetes/discovery.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { kinds, nameOf } from '../kubernetes/resources.ts';
import { objectsNotFromCluster, waitUntilSettled } from './clean.ts';
import { deployReleases } from './deploy-target.ts';
import { trial } from './steps.ts';
import type { Experiment, ExperimentContext } from './types.ts';

/** A chart's whole life: installed, tested, upgraded to itself, uninstalled. */
export const chartLifecycle: Experiment = {
  id: 'chart.lifecycle',
  title: 'Charts installed, tested, upgraded to themselves and uninstalled',
  needs: [],
  // Each release is waited for three times, for as long as its own time-out allows; this is far more than any of them needs. In ms.
  timeLimitMs: 60 * 60_000,

  async run(context) {
    const { target, history } = context;
    const { namespace, kube, helm, releases, stopObserving } = await deployReleases(context);
    for (const release of releases) await tryOut(context, helm, kube, release);
    for (const release of releases.toReversed()) {
      const { name, timeout = '10m' } = release;
      await trial(context, `uninstall.${name}`, `uninstall ${name}`, () =>
        helm.uninstall(name, { timeout, signal: context.signal }),
      );
    }
    await waitUntilSettled(kube, context.signal);
    await stopObserving();
    history.fact(
      'leftovers',
      await objectsNotFromCluster(kube, namespace, { secrets: target.secrets.map(({ name }) => name) }),
    );
  },
};

async function tryOut(context: ExperimentContext, helm: Helm, kube: Kube, release: ReleaseInput): Promise<void> {
  const { history, signal } = context;
  const { name, timeout = '10m' } = release;
  await trial(
    context,
    `test.${name}`,
    `run the tests of ${name}`,
    () => helm.test(name, { timeout, signal }),
    (pods) => ({ pods, phase: pods.every(({ phase }) => phase === 'Succeeded') ? 'Succeeded' : 'Failed' }),
  );
  await trial(
    context,
    `noop.${name}`,
    `upgrade ${name} to itself`,
    () => upgradeToItself(helm, kube, release, signal),
    (change) => ({ ...change }),
  );
  history.fact(
    `history.${name}`,
    (await helm.history(name)).map(({ revision, status }) => ({ revision, status })),
  );
}

/** What an upgrade to the same chart and values changed: nothing, if all is well. */
async function upgradeToItself(helm: Helm, kube: Kube, release: ReleaseInput, signal: AbortSignal) {
  const before = await stateOf(helm, kube, release.name);
  await helm.upgrade(release, { signal });
  const after = await stateOf(helm, kube, release.name);
  return {
    podsBefore: before.pods,
    podsAfter: after.pods,
    generationsChanged: [...after.generations]
      .filter(([object, generation]) => before.generations.get(object) !== generation)
      .map(([object]) => object),
    manifestChanged: before.manifest !== after.manifest,
  };
}

interface State {
  manifest: string;
  /** uids of the pods of the namespace that have not ended. */
  pods: string[];
  /** By `Kind/name`, of the objects in the release's manifest that count their changes. */
  generations: Map<string, number>;
}

async function stateOf(helm: Helm, kube: Kube, name: string): Promise<State> {
  const [manifest, objects, pods] = await Promise.all([
    helm.manifest(name),
    objectsIn(kube, kube.namespace ?? ''),
    kube.list(kinds.pod),
  ]);
  const own = new Set(objectNames(manifest));
  const generations = objects.flatMap(({ resource, object }): [string, number][] => {
    const { generation } = object.metadata ?? {};
    const objectName = nameOf(resource, object);
    return generation !== undefined && own.has(objectName) ? [[objectName, generation]] : [];
  });
  const running = pods.items.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  return {
    manifest,
    pods: running.map(({ metadata }) => metadata?.uid ?? '').sort(),
    generations: new Map(generations),
  };
}

/** `Kind/name` of every object in a manifest. */
function objectNames(manifest: string): string[] {
  return parseAllDocuments(manifest).flatMap((document) => {
    const { kind, metadata } = (document.toJS() ?? {}) as { kind?: string; metadata?: { name?: string } };
    return kind === undefined ? [] : [`${kind}/${metadata?.name ?? ''}`];
  });
}
