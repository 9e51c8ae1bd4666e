import type { ModelTarget } from '../../target/model/schema.ts';
import type { ModelVersion } from '../../target/model/versions.ts';

export type Defect = keyof ModelTarget['versions']['bad'];

/** Those that show soonest in what users get come first: one of them is enough to see whether a strategy turns it back. */
const ORDER: readonly Defect[] = ['failing', 'inaccurate', 'slow', 'leaking', 'interrupted', 'never-ready', 'lying'];

/** The versions that are known to be bad, as far as the target declares some. */
export function badVersions({
  versions: { bad },
}: Pick<ModelTarget, 'versions'>): { defect: Defect; version: ModelVersion }[] {
  return ORDER.flatMap((defect) => {
    const version = bad[defect];
    return version === undefined ? [] : [{ defect, version }];
  });
}
