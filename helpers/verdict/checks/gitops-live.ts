/**
 * Checks on a deployment that follows a Git branch, on a live cluster. What they stand for in a rubric of five levels:
 * 3: `deploysFromGit`, `byGitAlone` (GitOps works at all, beside Helm);
 * 4: `gatewayByCommit`, `serverByCommit`, `policyByCommit`, `revertRestores`, `refusesInvalid` (configuration is code, mistakes stay harmless);
 * 5: `correctsDrift`, `reportsDrift`, `suspensionHolds`, `gitAwayIsHarmless`, `gitBackArrives`, `servesThroughout` (Git decides, whatever happens).
 */
export * from './gitops-live/changes.ts';
export * from './gitops-live/deploy.ts';
export * from './gitops-live/faults.ts';
