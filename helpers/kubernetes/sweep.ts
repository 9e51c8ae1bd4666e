import type { Progress } from '../cluster/provider.ts';
import { messageOf } from '../errors.ts';
import { discover, listAll } from './discovery.ts';
import type { Found } from './discovery.ts';
import { isNotFound } from './kube.ts';
import type { Kube } from './kube.ts';
import { labels } from './labels.ts';
import { removeNamespace } from './namespace.ts';
import { cordonedByTheDead, uncordon } from './nodes.ts';
import { isLeftBehind } from './owner.ts';
import { kinds, nameOf } from './resources.ts';

export interface Swept {
  /** `Kind/name` of what was removed. */
  removed: string[];
  /** What could not be removed, and why. */
  failed: string[];
}

/**
 * Removes what runs left behind whose owner has ended: namespaces first, with all that is in them, then cluster-scoped objects of any
 * kind, custom resources too. Only what bears the suite's label; the objects of runs that live are left alone. Nodes that such a run
 * cordoned take pods again.
 */
export async function sweep(kube: Kube, progress: Progress): Promise<Swept> {
  const resources = await discover(kube, { namespaced: false });
  const ours = await listAll(kube, resources, { labelSelector: labels.run });
  const orphans = ours.filter(({ object }) => isLeftBehind(object));
  const isNamespace = ({ resource }: Found) => resource.plural === kinds.namespace.plural;
  const swept: Swept = { removed: [], failed: [] };
  for (const part of [orphans.filter(isNamespace), orphans.filter((found) => !isNamespace(found))]) {
    await Promise.all(part.map((found) => removeOne(kube, found, swept, progress)));
  }
  await uncordonNodes(kube, swept, progress);
  return swept;
}

async function removeOne(kube: Kube, { resource, object }: Found, swept: Swept, progress: Progress): Promise<void> {
  const name = nameOf(resource, object);
  progress(`removing ${name}, left behind by run ${object.metadata?.labels?.[labels.run] ?? '?'}`);
  try {
    if (resource.plural === kinds.namespace.plural) await removeNamespace(kube, object);
    else await kube.delete(resource, { name: object.metadata?.name ?? '' }, { uid: object.metadata?.uid });
    swept.removed.push(name);
  } catch (thrown) {
    if (!isNotFound(thrown)) swept.failed.push(`${name}: ${messageOf(thrown)}`);
  }
}

async function uncordonNodes(kube: Kube, swept: Swept, progress: Progress): Promise<void> {
  for (const name of await cordonedByTheDead(kube)) {
    progress(`uncordoning Node/${name}, left behind by a run`);
    await uncordon(kube, name).catch((thrown: unknown) => swept.failed.push(`Node/${name}: ${messageOf(thrown)}`));
  }
}
