import { EffectWatch } from './gitops/effects.ts';
import { driftByEditing, driftByScaling, recordReportedDrift } from './gitops/drift.ts';
import { enterOnceDeployed } from './gitops/enter.ts';
import { commitInvalid } from './gitops/invalid.ts';
import { loseGit } from './gitops/outage.ts';
import { lacksGitops, withGitOps } from './gitops/session.ts';
import { whileCalling } from './gitops/serving.ts';
import { commitWhileSuspended } from './gitops/suspension.ts';
import type { Experiment } from './types.ts';

/** What goes wrong with GitOps: changes by hand, a suspended engine, a Git server that is away, a commit that cannot be brought about. */
export const gitopsFaults: Experiment = {
  id: 'gitops.faults',
  title: 'Changes by hand, a suspended engine, Git away and an invalid commit',
  needs: ['flux'],
  lacks: lacksGitops,
  // A deployment, and faults with limits of their own. In ms.
  timeLimitMs: 90 * 60_000,

  run: (context) =>
    withGitOps(context, async (session) => {
      const door = await enterOnceDeployed(session);
      if (door === undefined) return;
      const watch = new EffectWatch(context, door);
      await whileCalling(context, watch, 'drift', async () => {
        await driftByScaling(session);
        await driftByEditing(session);
      });
      await recordReportedDrift(session);
      const commit = await whileCalling(context, watch, 'suspended', () => commitWhileSuspended(session, watch));
      await whileCalling(context, watch, 'git-away', () => loseGit(session, watch, commit));
      await whileCalling(context, watch, 'invalid', () => commitInvalid(session));
    }),
};
