import type { Stages } from '../../gitops/engine.ts';
import { now } from '../../history/history.ts';
import { waitUntil } from '../../wait.ts';
import type { GitOpsSession } from './session.ts';

/** How often the engine's objects are looked at, in ms: the bound on the error of each moment. */
export const LOOK_EVERY_MS = 200;

/** When a commit reached which stage, in ms since the epoch. */
export interface Arrival {
  fetched: number;
  applied: number;
  /** By release: those that were as the commit wants them at once are there from `applied` on. */
  released: Record<string, number>;
}

/**
 * Waits until the engine has brought the cluster to a commit.
 * @throws Error as soon as the engine says that it will not get there, and when the time is up; with what its objects say.
 */
export async function waitForArrival(
  { engine, context }: Pick<GitOpsSession, 'engine' | 'context'>,
  commit: string,
  { timeoutMs }: { timeoutMs: number },
): Promise<Arrival> {
  const arrival: Partial<Arrival> & Pick<Arrival, 'released'> = { released: {} };
  let refused: string | undefined;
  const look = async () => {
    const stages = await engine.stages(commit);
    const at = now();
    if (stages.fetched) arrival.fetched ??= at;
    if (stages.applied) arrival.applied ??= at;
    for (const name of stages.released) arrival.released[name] ??= at;
    refused = finalRefusal(stages);
    return refused !== undefined || (stages.applied && stages.pending.length === 0);
  };
  try {
    await waitUntil(`${engine.name} has brought the cluster to ${commit.slice(0, 7)}`, look, {
      timeoutMs,
      everyMs: LOOK_EVERY_MS,
      signal: context.signal,
    });
  } catch (thrown) {
    context.signal.throwIfAborted();
    throw new Error(`${String(thrown)}\n${await explain(engine)}`, { cause: thrown });
  }
  if (refused !== undefined) throw new Error(refused);
  const { fetched = 0, applied = 0, released } = arrival;
  return { fetched, applied, released };
}

function finalRefusal({ refusals }: Stages): string | undefined {
  const found = refusals.find(({ final }) => final);
  return found === undefined ? undefined : `${found.object}: ${found.reason}: ${found.message}`;
}

/** What the engine's objects say that are not ready, one a line. */
async function explain(engine: GitOpsSession['engine']): Promise<string> {
  const status = await engine.status();
  return status
    .filter(({ ready, suspended }) => !ready || suspended)
    .map(
      ({ object, reason, message, suspended }) => `${object}: ${suspended ? 'suspended; ' : ''}${reason}: ${message}`,
    )
    .join('\n');
}
