import type { ImageLocations } from '../../target/placeholders.ts';
import type { Release, Target } from '../../target/schema.ts';
import type { ExperimentContext } from '../types.ts';

/** The releases of the version before; one that the target does not declare for it was the same then. */
export function previousReleases({ releases, upgrade }: Target): Release[] {
  const declared = upgrade?.previous?.releases ?? [];
  return releases.map((release) => {
    const before = declared.find(({ name }) => name === release.name);
    if (before === undefined) return release;
    const { chart, values = release.values, set = release.set, timeout = release.timeout } = before;
    return { ...release, chart, values, set, timeout };
  });
}

/** The releases that an upgrade from the version before changes, in the order of installation. */
export function changedReleases({ releases, upgrade }: Target): Release[] {
  const declared = (upgrade?.previous?.releases ?? []).map(({ name }) => name);
  return releases.filter(({ name }) => declared.includes(name));
}

/** The same in the order in which they are rolled back. */
export function rollbackOrder(target: Target): Release[] {
  const changed = changedReleases(target);
  const order = target.upgrade?.rollbackOrder;
  if (order === undefined) return changed.toReversed();
  return order.flatMap((name) => changed.filter((release) => release.name === name));
}

/** What the placeholders of the version before stand for: an image that it does not bring is the same in both. */
export async function previousImages(context: ExperimentContext): Promise<ImageLocations> {
  return { ...(await context.images()), ...(await context.images('previous')) };
}
