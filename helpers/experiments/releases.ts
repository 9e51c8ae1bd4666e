import { join } from 'node:path';
import type { Helm, ReleaseInput } from '../helm/helm.ts';
import { resolveSet } from '../target/placeholders.ts';
import type { ImageLocations } from '../target/placeholders.ts';
import type { Release, Target } from '../target/schema.ts';

/** What a declared release is installed with: its chart as a folder, its values with all placeholders filled in. */
export async function prepareRelease(
  helm: Helm,
  target: Target,
  release: Release,
  { images, namespace }: { images: ImageLocations; namespace: string },
): Promise<ReleaseInput> {
  return {
    name: release.name,
    chart: await helm.resolve(release.chart, target.folder),
    files: release.values.map((file) => join(target.folder, file)),
    set: resolveSet(release, { images, namespace }),
    timeout: release.timeout,
  };
}
