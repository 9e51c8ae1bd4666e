import { messageOf } from '../errors.ts';
import { Unreachable } from '../helm/explain.ts';
import type { ExperimentContext } from './types.ts';

/**
 * Runs a step in which the target may fail: that is a result, recorded as such, and the experiment goes on without it.
 * @returns what `work` returned, or undefined when it failed.
 * @throws what stands behind an abort, and that somebody did not answer whom helm had to ask: that is no fault of the target.
 */
export async function trial<T>(
  { history, signal, progress }: Pick<ExperimentContext, 'history' | 'signal' | 'progress'>,
  id: string,
  title: string,
  work: () => Promise<T>,
  detail?: (result: T) => Record<string, unknown>,
): Promise<T | undefined> {
  progress(title);
  try {
    return await history.step(id, title, work, detail);
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof Unreachable) throw thrown;
    progress(`${title}: ${messageOf(thrown)}`);
    return undefined;
  }
}

/** A step of the suite's own: its failure ends the experiment. */
export function own<T>(
  { history, progress }: Pick<ExperimentContext, 'history' | 'progress'>,
  id: string,
  title: string,
  work: () => Promise<T>,
  detail?: (result: T) => Record<string, unknown>,
): Promise<T> {
  progress(title);
  return history.step(id, title, work, detail);
}
