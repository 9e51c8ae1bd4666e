/** Checks on the Git tree that deploys the target, as far as it can be judged without a cluster. */
export * from './gitops-static/content.ts';
export * from './gitops-static/operation.ts';
export * from './gitops-static/secrets.ts';
export * from './gitops-static/versions.ts';
