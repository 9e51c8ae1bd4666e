import type { ReleaseInput } from '../../helm/helm.ts';
import type { ByValues, Overrides } from '../../target/changes.ts';
import type { Release, Target } from '../../target/schema.ts';
import { prepareRelease } from '../releases.ts';
import type { Session } from './session.ts';

/** Overrides by the release that they belong to; later ones win. */
export type OverridesByRelease = readonly { release: string; overrides: Overrides }[];

/** What a change is installed with for its trial. */
export function installedWith({ release, from }: ByValues): OverridesByRelease {
  return from === undefined ? [] : [{ release, overrides: from }];
}

/** The declared releases, with other values. */
export function releasesWith({ releases }: Pick<Target, 'releases'>, all: OverridesByRelease): Release[] {
  return releases.map((release) =>
    all
      .filter((one) => one.release === release.name)
      .reduce(
        (merged, { overrides: { values, set } }) => ({
          ...merged,
          values: [...merged.values, ...values],
          set: { ...merged.set, ...set },
        }),
        release,
      ),
  );
}

/** A release as it is to be after an upgrade. */
async function releaseWith(session: Session, name: string, all: OverridesByRelease): Promise<ReleaseInput> {
  const { context, deployed } = session;
  const declared = releasesWith(context.target, all).find((release) => release.name === name);
  if (declared === undefined) throw new Error(`there is no release ${name}`);
  const images = await context.images();
  return prepareRelease(deployed.helm, context.target, declared, { images, namespace: deployed.namespace });
}

/** `helm upgrade` to these overrides. */
export async function upgrade(session: Session, name: string, all: OverridesByRelease): Promise<void> {
  await session.deployed.helm.upgrade(await releaseWith(session, name, all), { signal: session.context.signal });
}
