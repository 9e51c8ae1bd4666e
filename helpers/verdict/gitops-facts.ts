import { z } from 'zod';
import type { History } from '../history/history.ts';
import { declarationIn } from './declared-target.ts';
import { inconclusive, ofFact } from './finding.ts';
import type { Finding } from './types.ts';

/** What the histories of `gitops.static` hold, as far as checks read it. */

const trouble = z.object({ place: z.string(), what: z.string() });
const pin = z.enum(['exact', 'moving', 'none', 'unknown', 'chart']);
const remediation = z.object({
  place: z.string(),
  retries: z.number(),
  remediatesLastFailure: z.boolean(),
  strategy: z.string(),
  retriesOnFailure: z.boolean(),
});

export const treeFact = z.object({
  path: z.string(),
  objects: z.number(),
  troubles: z.array(trouble),
  notApplied: z.array(trouble),
  units: z.array(
    z.object({
      name: z.string(),
      place: z.string().nullable(),
      elsewhere: z.boolean(),
      suspended: z.boolean().optional(),
      prunes: z.boolean().optional(),
      intervalMs: z.number().nullable().optional(),
    }),
  ),
});

const releasesFact = z.array(
  z.object({
    id: z.string(),
    releaseName: z.string(),
    place: z.string(),
    version: z.string(),
    pin,
    install: remediation,
    upgrade: remediation,
    timeoutMs: z.number(),
    intervalMs: z.number().nullable(),
    suspended: z.boolean(),
    drift: z.string(),
  }),
);

export const sourcesFact = z.array(
  z.object({
    name: z.string(),
    place: z.string(),
    usedByRelease: z.boolean(),
    isOwn: z.boolean(),
    suspended: z.boolean(),
    ref: z.string(),
    pin,
  }),
);

export const credentialsFact = z.array(z.object({ place: z.string(), key: z.string(), how: z.string() }));

export const secretsFact = z.object({
  references: z.array(z.object({ name: z.string(), place: z.string(), by: z.array(z.string()) })),
  ignored: z.array(z.object({ place: z.string(), value: z.string(), instead: z.string() })),
});

export const imagesFact = z.array(z.object({ image: z.string(), place: z.string(), pin }));

export const budgetsFact = z.array(
  z.object({
    release: z.string(),
    releaseName: z.string(),
    place: z.string(),
    budgets: z.array(z.string()),
    values: z.array(z.string()),
    chartHasTemplate: z.boolean(),
    unprotected: z.array(z.string()).optional(),
  }),
);

export const reloadsFact = z.array(
  z.object({
    release: z.string(),
    releaseName: z.string(),
    secrets: z.array(z.object({ name: z.string(), place: z.string(), reloads: z.boolean() })),
    reloaderIsThere: z.boolean(),
  }),
);

export const orderingFact = z.object({ problems: z.array(trouble), unknownGroups: z.array(z.string()) });

export const variablesFact = z.object({
  missing: z.array(z.object({ name: z.string(), unit: z.string(), place: z.string(), elsewhere: z.boolean() })),
});

export const configurationFact = z.array(
  z.object({ kind: z.string(), places: z.array(z.object({ place: z.string(), found: z.boolean() })) }),
);

/** Recorded when the target has no tree. */
export const NO_TREE = 'gitops.undeclared';

/** `inconclusive` when the target has no tree, else undefined. */
export function withoutTree(history: History): Finding | undefined {
  return history.factRecord(NO_TREE) === undefined
    ? undefined
    : inconclusive('the target declares no gitops.tree: there is nothing to judge');
}

/**
 * What to find in a fact about the tree. Where a part of it could not be read, nothing passes: what is missing may stand there, or what must
 * not be there.
 * @param failing whether it fails because of something that is there, or because of something that is not; the latter may only be unread.
 */
export function ofTree<T>(
  history: History,
  key: string,
  schema: z.ZodType<T>,
  find: (value: T, evidence: string) => Finding,
  failing: 'by presence' | 'by absence' = 'by presence',
): Finding {
  const without = withoutTree(history);
  if (without !== undefined) return without;
  const finding = ofFact(history, key, schema, find);
  const unread = treeFact.safeParse(history.fact('gitops.tree')).data?.troubles;
  if (unread === undefined) return inconclusive('the fact gitops.tree was not recorded');
  if (unread.length === 0 || (finding.verdict === 'fail' && failing === 'by presence')) return finding;
  return inconclusive(`${String(unread.length)} places of the tree could not be read`);
}

/** The same in a tree that holds anything at all. */
export function ofObjects<T>(...[history, key, schema, find, failing]: Parameters<typeof ofTree<T>>): Finding {
  const { objects } = treeFact.safeParse(history.fact('gitops.tree')).data ?? {};
  if (objects === 0) return inconclusive('the tree has no object of Kubernetes: there is nothing to judge');
  return ofTree(history, key, schema, find, failing);
}

/** `file:line what` of each. */
export function listed(troubles: readonly z.infer<typeof trouble>[]): string {
  return troubles.map(({ place, what }) => `${place} ${what}`).join('; ');
}

type ReleaseFact = z.infer<typeof releasesFact>[number];

/** What to find in the HelmReleases of the tree, all of them or the target's own; without any there is nothing to judge. */
export function ofReleases(
  history: History,
  find: (releases: ReleaseFact[], evidence: string) => Finding,
  { which = 'all', failing }: { which?: 'all' | 'own'; failing?: 'by absence' } = {},
): Finding {
  const findIn = (releases: ReleaseFact[], evidence: string) => {
    if (releases.length === 0) return inconclusive('the tree has no HelmRelease: there is nothing to judge');
    const chosen = which === 'all' ? releases : ownOf(history, releases);
    return chosen.length === 0
      ? inconclusive('the tree has no HelmRelease of the releases that the target declares')
      : find(chosen, evidence);
  };
  return ofTree(history, 'gitops.releases', releasesFact, findIn, failing);
}

/** Those of the target's own releases; all of them where no target says which they are. */
export function ownOf<T extends { releaseName: string }>(history: History, entries: readonly T[]): T[] {
  const declared = declarationIn(history)?.releases;
  return entries.filter(({ releaseName }) => declared?.includes(releaseName) ?? true);
}
