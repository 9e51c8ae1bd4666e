import { badConfiguration } from './configuration.ts';
import { diskFull } from './disk.ts';
import { nodeDrained, nodeLost } from './nodes.ts';
import { quotaReached } from './quota.ts';
import { gatewayReplicaLost } from './replica.ts';
import { databaseDown, serverDown } from './scaled.ts';
import { secretRotated } from './secret.ts';
import { imageNotPullable, outOfMemory, podCrashLoop } from './template.ts';
import type { Failure } from './types.ts';

/** The common failures, those that hurt least first within each group. */
export const failures: readonly Failure[] = [
  podCrashLoop,
  imageNotPullable,
  outOfMemory,
  badConfiguration,
  gatewayReplicaLost,
  quotaReached,
  diskFull,
  secretRotated,
  databaseDown,
  serverDown,
  nodeDrained,
  nodeLost,
];
