import { changes } from '../../../helpers/verdict/checks/index.ts';
import type { Check, Levels } from '../../../helpers/verdict/types.ts';

const { addTool, toolState, accessPolicy, rateLimit, plugin, twoInARow, whileRolling } = changes;
const { invalid, invalidByApi, imageUpgrade, scaleIn, nodeDrain, secretRotation, helmRollback, apiRollback } = changes;

/** What stands for "do not interrupt", and that somebody looked. */
const lossless = [
  'observerSaw',
  'callsInFlight',
  'newConnections',
  'keptConnections',
  'sessionCalls',
  'sessionsKept',
  'noStall',
  'noNeedlessRestart',
] as const;

/**
 * Criterion 2, "Zero-downtime configuration updates — gateway and policy changes do not interrupt in-flight calls": the scorecard anchors
 * 3 (zero-downtime config updates unverified) and 5 (zero-downtime config). What arrives late or not everywhere is no update; what arrives
 * and loses calls is no zero-downtime update.
 */
export const configUpdates: Levels = {
  1: {
    title: 'The configuration can be changed while the gateway runs',
    reason: 'The lowest step: whoever has to install anew for each change has no configuration updates at all.',
    checks: [addTool.made],
  },
  2: {
    title: 'Changes arrive, but not dependably',
    reason:
      'Short of the anchor for 3: where replicas serve different configurations, downtime is not the first question.',
    checks: [addTool.servedByEveryPod, addTool.toolsCoherent, addTool.nothingStale],
  },
  3: {
    title: 'Gateway and policy changes arrive everywhere; that they are free of downtime is not shown',
    reason: 'The anchor for 3, "zero-downtime config updates unverified": the updates work, their price is unknown.',
    checks: [...[toolState, accessPolicy, rateLimit, plugin].flatMap(arrives), invalid.refused, invalid.oldStateStays],
  },
  4: {
    title: 'Changes that need no new pods lose nothing',
    reason:
      'The words of the criterion, "gateway and policy changes do not interrupt in-flight calls", for the changes of every day.',
    checks: [...[addTool, toolState, accessPolicy, invalid].flatMap(losesNothing), ...whole(twoInARow)],
  },
  5: {
    title: 'Zero-downtime config: nothing that is changed loses a call or a session',
    reason:
      'The anchor for 5, "zero-downtime config": also what replaces pods, what comes at the wrong moment, what is taken back, and nonsense.',
    checks: [
      ...[rateLimit, plugin].flatMap(losesNothing),
      ...[whileRolling, imageUpgrade, scaleIn, nodeDrain, secretRotation, invalidByApi].flatMap(whole),
      ...[helmRollback, apiRollback].flatMap((group) => [...arrives(group), ...losesNothing(group)]),
    ],
  },
};

type Served = typeof addTool;

function arrives({ made, servedByEveryPod, toolsCoherent, nothingStale }: Served): Check[] {
  return [made, servedByEveryPod, toolsCoherent, nothingStale];
}

type Lossless = Pick<Served, (typeof lossless)[number]>;

function losesNothing(group: Lossless): Check[] {
  return lossless.map((name) => group[name]);
}

function whole(group: Record<string, Check>): Check[] {
  return Object.values(group);
}
