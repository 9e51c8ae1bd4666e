import { resolve } from 'node:path';
import { inspectTree } from '../gitops/tree/inspect.ts';
import { NO_TREE } from '../verdict/gitops-facts.ts';
import { own } from './steps.ts';
import type { Target } from '../target/schema.ts';
import type { Experiment } from './types.ts';

/** Everything about the Git tree of a target that can be found out without a cluster. What is a credential there stays there. */
export const gitopsStatic: Experiment = {
  id: 'gitops.static',
  title: 'The Git tree read as Flux reads it',
  needs: [],
  // Reading a big repository takes seconds. In ms.
  timeLimitMs: 5 * 60_000,
  clusterless: true,

  async run(context) {
    const { target, history } = context;
    const { gitops } = target;
    if (gitops === undefined) {
      history.fact(NO_TREE, true);
      return;
    }
    const { tree, path, configuration } = gitops;
    const facts = await own(
      context,
      'inspect',
      `read ${tree}`,
      () =>
        Promise.resolve(
          inspectTree({ tree: resolve(target.folder, tree), path, configuration, standIns: standIns(target) }),
        ),
      (found) => ({ facts: Object.keys(found).length }),
    );
    for (const [key, value] of Object.entries(facts)) history.fact(key, value);
  },
};

/** The experiments on a cluster fill these in when they write a repository from the tree; what it will be is pinned by then. */
function standIns({ images }: Target): ReadonlyMap<string, string> {
  const ofImages = images.flatMap(({ name }): [string, string][] => [
    [`images.${name}.repository`, `registry.invalid/${name}`],
    [`images.${name}.tag`, '0.0.0'],
  ]);
  return new Map([['namespace', 'default'], ['source', 'trial'], ['serviceAccount', 'trial'], ...ofImages]);
}
