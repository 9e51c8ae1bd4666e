import type { FailureId } from './catalogue.ts';
import { badConfiguration } from './configuration.ts';
import { diskFull } from './disk.ts';
import { nodeDrained, nodeLost } from './nodes.ts';
import { quotaReached } from './quota.ts';
import { gatewayReplicaLost } from './replica.ts';
import { databaseDown, serverDown } from './scaled.ts';
import { secretRotated } from './secret.ts';
import { imageNotPullable, outOfMemory, podCrashLoop } from './template.ts';
import type { Inject } from './types.ts';

/** How each failure is made. */
export const injectors: Readonly<Record<FailureId, Inject>> = {
  'pod-crash-loop': podCrashLoop,
  'image-not-pullable': imageNotPullable,
  'out-of-memory': outOfMemory,
  'bad-configuration': badConfiguration,
  'gateway-replica-lost': gatewayReplicaLost,
  'quota-reached': quotaReached,
  'disk-full': diskFull,
  'secret-rotated': secretRotated,
  'database-down': databaseDown,
  'custom-server-down': serverDown,
  'node-drained': nodeDrained,
  'node-lost': nodeLost,
};
