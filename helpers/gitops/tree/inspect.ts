import { budgetFacts } from './facts/budgets.ts';
import { configurationFacts } from './facts/configuration.ts';
import { credentialFacts, ignoredValues } from './facts/credentials.ts';
import { imageFacts } from './facts/images.ts';
import { orderingFacts } from './facts/ordering.ts';
import { secretReferences } from './facts/references.ts';
import { releaseFacts, sourceFacts, unitFacts } from './facts/releases.ts';
import { reloadFacts } from './facts/reloads.ts';
import { loadTree } from './load.ts';
import { releasesIn } from './releases.ts';

export interface Inspected {
  /** Existing folder: the root of the Git repository. */
  tree: string;
  /** Folder in the tree that deploys the target. */
  path?: string;
  /** For what the trial itself fills in, by the names of its placeholders. */
  standIns?: ReadonlyMap<string, string>;
  configuration?: Parameters<typeof configurationFacts>[1];
}

/**
 * Finds out about a Git tree what can be known without a cluster: facts by their names in the history. No credential is among them, only
 * where it stands.
 */
export function inspectTree({ tree: root, path = '.', standIns, configuration }: Inspected): Record<string, unknown> {
  const tree = loadTree(root, path, standIns);
  const releases = releasesIn(tree);
  return {
    'gitops.tree': {
      path,
      units: unitFacts(tree),
      objects: tree.units.reduce((sum, { documents }) => sum + documents.length, 0),
      troubles: [...tree.troubles, ...releases.flatMap(({ troubles }) => troubles)],
      notApplied: [...tree.notApplied, ...releases.flatMap(({ unseen }) => unseen)],
    },
    'gitops.releases': releaseFacts(releases, tree),
    'gitops.sources': sourceFacts(releases, tree),
    'gitops.credentials': credentialFacts(releases, tree),
    'gitops.secrets': { references: secretReferences(releases, tree), ignored: ignoredValues(releases) },
    'gitops.images': imageFacts(releases, tree),
    'gitops.budgets': budgetFacts(releases, tree),
    'gitops.reloads': reloadFacts(releases, tree),
    'gitops.ordering': orderingFacts(releases, tree),
    'gitops.variables': { missing: tree.missing },
    ...(configuration === undefined ? {} : { 'gitops.configuration': configurationFacts(tree, configuration) }),
  };
}
