import { gitopsLive, gitopsStatic, gitopsTraffic } from '../../../helpers/verdict/checks/index.ts';
import type { Levels } from '../../../helpers/verdict/types.ts';

/**
 * Criterion 3, "GitOps-compatible": the scorecard anchors 1 (manual deployment only), 3 (works with gaps) and 5 (GitOps-compatible). What
 * the tree shows (`gitops.*`) and what a cluster does with it (`gitops-live.*`) have to agree.
 */
export const gitops: Levels = {
  1: {
    title: 'There is something in Git, but it cannot be relied on to say what runs',
    reason: 'The anchor for 1 is "manual deployment only": a tree that cannot be read as a whole gets nobody further.',
    checks: [gitopsStatic.treeIsReadable],
  },
  2: {
    title: 'Git describes the deployment, but was not seen to bring it about',
    reason:
      'Better than the anchor for 1, since the deployment is expressed as code; short of 3, because what is written down may not work, or may not be fit to be in Git.',
    checks: [gitopsStatic.describesReleases, gitopsStatic.variablesHaveValues, gitopsStatic.isOrdered],
  },
  3: {
    title: 'Git deploys it, with gaps',
    reason:
      'The anchor for 3, "works with gaps": an empty namespace and a repository become a gateway that answers; versions do not move, and no credential is in Git.',
    checks: [
      gitopsStatic.noCredentials,
      gitopsStatic.chartsArePinned,
      gitopsStatic.sourcesArePinned,
      gitopsLive.deploysFromGit,
      gitopsLive.byGitAlone,
    ],
  },
  4: {
    title: 'Gateway, server and policy are changed and changed back by commits, and mistakes stay harmless',
    reason: 'The words of the criterion: "gateway, server, and policy configuration is expressible as code".',
    checks: [
      gitopsStatic.configurationIsInGit,
      gitopsStatic.secretsAreMade,
      gitopsStatic.installsRemediate,
      gitopsStatic.upgradesRemediate,
      gitopsStatic.timeoutsAreLongEnough,
      gitopsLive.gatewayByCommit,
      gitopsLive.serverByCommit,
      gitopsLive.policyByCommit,
      gitopsLive.revertRestores,
      gitopsLive.refusesInvalid,
    ],
  },
  5: {
    title: 'Git decides, whatever happens',
    reason:
      'The anchor for 5, "GitOps-compatible": changes by hand, a Git server that is away, drained nodes and rotated secrets leave the cluster as Git says.',
    checks: [
      gitopsStatic.gitDecides,
      gitopsStatic.driftIsCorrected,
      gitopsStatic.imagesArePinned,
      gitopsStatic.disruptionBudgets,
      gitopsStatic.secretsReload,
      gitopsLive.correctsDrift,
      gitopsLive.reportsDrift,
      gitopsLive.suspensionHolds,
      gitopsLive.gitAwayIsHarmless,
      gitopsLive.gitBackArrives,
      gitopsLive.servesThroughout,
      ...Object.values(gitopsTraffic),
    ],
  },
};
