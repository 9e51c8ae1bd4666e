import { z } from 'zod';
import { seconds } from '../../../format.ts';
import { check, fail, inconclusive, ofStep, pass, references } from '../../finding.ts';

const experiment = 'gitops.deploy';

const served = z.object({ served: z.number() });

export const deploysFromGit = check({
  id: 'gitops-live.deploys-from-git',
  title: 'An empty namespace and a repository become a deployment that serves a tool call',
  expected: 'everything that Git declares is ready, and the declared tool answers as declared',
  experiment,
  evaluate: (history) =>
    ofStep(history, 'deployed', (deployed, evidence) => {
      const entered = history.step('endpoint');
      if (entered?.ok === false) return fail(`endpoint failed: ${entered.error ?? ''}`, history.reference(entered));
      return ofStep(history, 'first-call', (step, callEvidence) => {
        const { served: at } = served.parse(step.detail);
        const ready = seconds(deployed.end - deployed.start);
        const seen = `ready ${ready} after Git was declared, the first call served after ${seconds(at - deployed.start)}`;
        return pass(seen, evidence, callEvidence);
      });
    }),
});

/** What has to be there before an engine can follow a branch, and cannot come from it. */
const BOOTSTRAP = /^(Namespace|Secret|ServiceAccount|RoleBinding|GitRepository|Kustomization|Application|AppProject)\//;

export const byGitAlone = check({
  id: 'gitops-live.by-git-alone',
  title: 'Everything in the namespace comes from Git, and everything that changes changes by a commit',
  expected:
    'no other writes than the namespace, the declared Secrets, the objects that make the engine follow the branch, and pushes',
  experiment,
  evaluate: (history) => {
    const pushes = history.writes.filter(({ verb }) => verb === 'git push');
    if (pushes.length === 0) return inconclusive('no push was recorded');
    // From there on the trial cleans up behind itself.
    const over = history.factRecord('gitops.over')?.at ?? Infinity;
    const byHand = history.writes.filter(
      ({ at, verb, object }) =>
        at < over && verb !== 'git push' && verb !== 'ask' && !(verb === 'create' && BOOTSTRAP.test(object)),
    );
    if (byHand.length === 0)
      return pass(`${String(pushes.length)} pushes, nothing by other means`, ...references(history, pushes));
    const named = byHand.map(({ verb, object }) => `${verb} ${object}`).join(', ');
    return fail(`by other means: ${named}`, ...references(history, byHand));
  },
});
