import { now } from '../../history/history.ts';
import { waitUntil } from '../../wait.ts';
import type { Change } from '../../target/gitops.ts';
import { own, trial } from '../steps.ts';
import { LOOK_EVERY_MS } from './arrival.ts';
import { commitEdit, followCommit } from './commit.ts';
import type { EffectWatch } from './effects.ts';
import { hold } from './serving.ts';
import type { GitOpsSession } from './session.ts';

/** For this long a suspended engine must leave a commit alone, in ms: several times what an engine takes that is not suspended. */
const HOLD_MS = 15_000;
/** The source itself is not suspended: it has the commit within seconds, in ms. */
const FETCHED_WITHIN_MS = 2 * 60_000;

/** A commit that came into effect, so that it can be undone. */
export interface MadeChange {
  change: Change;
  commit: string;
}

/**
 * Suspends the engine, commits a change, looks that it has no effect and what the engine says, and resumes. Steps: `suspend`,
 * `commit.suspended`, `held.suspended`, `resume`, and what follows a commit.
 */
export async function commitWhileSuspended(
  session: GitOpsSession,
  watch: EffectWatch,
): Promise<MadeChange | undefined> {
  const { context, engine, declared } = session;
  const { server, gateway, policy } = declared.changes;
  const change = server ?? policy ?? gateway;
  if (change === undefined) return undefined;
  await own(context, 'suspend', `suspend ${engine.name}`, () => engine.suspend());
  const pushed = await commitEdit(session, 'suspended', change);
  await trial(
    context,
    'held.suspended',
    'look that the commit has no effect',
    async () => {
      const fetched = async () => (await engine.stages(pushed.commit)).fetched;
      await waitUntil('the source has the commit', fetched, {
        timeoutMs: FETCHED_WITHIN_MS,
        everyMs: LOOK_EVERY_MS,
        signal: context.signal,
      });
      return hold(context, HOLD_MS, async () => {
        const { answered, holds } = await watch.look(change.effect);
        return answered && !holds && !(await engine.stages(pushed.commit)).applied;
      });
    },
    (held) => ({ ...held }),
  );
  context.history.fact('status.suspended', await engine.status());
  await own(context, 'resume', `resume ${engine.name}`, () => engine.resume());
  // From here on it can arrive.
  const resumed = { ...pushed, pushed: now() };
  await followCommit(session, watch, { name: 'resumed', pushed: resumed, effects: [change.effect], present: true });
  return { change, commit: pushed.commit };
}
