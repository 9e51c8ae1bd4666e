/** Failures that leave the target well when they are over share an experiment. */
export type FailureGroup = 'pods' | 'dependencies' | 'nodes';

interface FailureFacts {
  /** What a runbook's front matter calls it. */
  id: string;
  /** As it fits into a sentence. */
  title: string;
  group: FailureGroup;
}

/** The common failures, in the order in which they are tried: those that hurt least first within each group. */
export const failures = [
  { id: 'pod-crash-loop', title: 'a pod crashes again and again', group: 'pods' },
  { id: 'image-not-pullable', title: 'an image cannot be pulled', group: 'pods' },
  { id: 'out-of-memory', title: 'a pod runs out of memory', group: 'pods' },
  { id: 'bad-configuration', title: 'a bad configuration is pushed', group: 'pods' },
  { id: 'gateway-replica-lost', title: 'a replica of the gateway is lost', group: 'pods' },
  { id: 'quota-reached', title: 'a quota keeps a replacement from being made', group: 'pods' },
  { id: 'disk-full', title: 'a disk is full', group: 'pods' },
  { id: 'database-down', title: 'the database is down', group: 'dependencies' },
  { id: 'custom-server-down', title: 'the custom server is down', group: 'dependencies' },
  { id: 'secret-rotated', title: 'a secret is rotated on one side only', group: 'dependencies' },
  { id: 'node-drained', title: 'a node is drained', group: 'nodes' },
  { id: 'node-lost', title: 'a node is lost', group: 'nodes' },
] as const satisfies readonly FailureFacts[];

export const failureGroups = ['pods', 'dependencies', 'nodes'] as const satisfies readonly FailureGroup[];

export type FailureId = (typeof failures)[number]['id'];
export type KnownFailure = (typeof failures)[number];
