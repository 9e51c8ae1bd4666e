import { now } from '../../history/history.ts';
import type { ObjectStatus, Stages } from '../../gitops/engine.ts';
import { waitUntil } from '../../wait.ts';
import { trial } from '../steps.ts';
import { LOOK_EVERY_MS, waitForArrival } from './arrival.ts';
import { commitEdit, commitRevert } from './commit.ts';
import { hold } from './serving.ts';
import type { GitOpsSession } from './session.ts';
import { workloadsOf } from './state.ts';

/** A mistake that a schema finds is refused within seconds; one that only shows when pods start takes the release's own time-out, in ms. */
const REFUSED_WITHIN_MS = 15 * 60_000;
const RECOVERED_WITHIN_MS = 15 * 60_000;
/** Engines try again; for this long none of the attempts may succeed, in ms. */
const HOLD_MS = 15_000;

/**
 * Commits a change that has to be refused, waits until the engine says so, looks that no workload was touched, and undoes it.
 * Steps: `commit.invalid`, `refused.invalid`, `commit.valid-again`, `arrived.valid-again`; fact: `touched.invalid`.
 */
export async function commitInvalid(session: GitOpsSession): Promise<void> {
  const { context, kube, declared } = session;
  const edit = declared.changes.invalid;
  if (edit === undefined) return;
  const before = await workloadsOf(kube);
  const { commit, pushed } = await commitEdit(session, 'invalid', edit);
  await trial(
    context,
    'refused.invalid',
    'wait until the commit is refused',
    () => untilRefused(session, commit),
    ({ toldAt, refusal: { object, reason, message } }) => ({
      object,
      reason,
      message: message.replaceAll(/\s+/g, ' '),
      toldMs: toldAt - pushed,
    }),
  );
  const after = await workloadsOf(kube);
  context.history.fact(
    'touched.invalid',
    [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]),
  );
  const again = await commitRevert(session, 'valid-again', [commit]);
  await trial(
    context,
    'arrived.valid-again',
    'wait until all is well again',
    () => waitForArrival(session, again.commit, { timeoutMs: RECOVERED_WITHIN_MS }),
    ({ fetched, applied }) => ({
      pushed: again.pushed,
      fetchedMs: fetched - again.pushed,
      appliedMs: applied - again.pushed,
      wellMs: now() - again.pushed,
    }),
  );
}

interface Refused {
  toldAt: number;
  refusal: ObjectStatus;
}

/** Until an object of the engine says that the commit failed, and then for a while longer, in which nothing may come of a further attempt. */
async function untilRefused({ engine, context }: GitOpsSession, commit: string): Promise<Refused> {
  let stages: Stages | undefined;
  const isAccepted = () => stages?.applied === true && stages.pending.length === 0;
  const told = async () => {
    stages = await engine.stages(commit);
    return isAccepted() || stages.refusals.length > 0;
  };
  await waitUntil('the commit is refused', told, {
    timeoutMs: REFUSED_WITHIN_MS,
    everyMs: LOOK_EVERY_MS,
    signal: context.signal,
  });
  const toldAt = now();
  const [refusal] = stages?.refusals ?? [];
  if (refusal === undefined) throw new Error('the commit was accepted');
  await hold(context, HOLD_MS, async () => {
    await told();
    if (isAccepted())
      throw new Error(`the commit was accepted after all; before, ${refusal.object} said ${refusal.message}`);
    return true;
  });
  return { toldAt, refusal };
}
