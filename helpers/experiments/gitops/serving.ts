import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../../history/history.ts';
import type { ExperimentContext } from '../types.ts';
import type { EffectWatch } from './effects.ts';

/** How often the declared tool is called meanwhile, in ms: enough to notice that the target no longer serves, no measurement of gaps. */
const CALL_EVERY_MS = 1_000;

/**
 * Calls the declared tool once a second while `work` goes on, and records how many of the calls were served, as the fact `serving.NAME`.
 * The calls themselves are in the history.
 */
export async function whileCalling<T>(
  context: ExperimentContext,
  watch: EffectWatch,
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  const { target, history, signal } = context;
  const over = new AbortController();
  const looks: { at: number; served: boolean; seen: string }[] = [];
  const calling = async () => {
    while (!over.signal.aborted && !signal.aborted) {
      const { holds, seen } = await watch.look(target.mcp.toolCall);
      looks.push({ at: now(), served: holds, seen });
      await delay(CALL_EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
  };
  const calls = calling();
  // Whoever stops calling has learnt nothing more; the abort itself is thrown by `work`.
  calls.catch(() => undefined);
  try {
    return await work();
  } finally {
    over.abort();
    await calls.catch(() => undefined);
    const lost = looks.filter(({ served }) => !served);
    history.fact(`serving.${name}`, {
      calls: looks.length,
      served: looks.length - lost.length,
      lost: lost.slice(0, 5).map(({ at, seen }) => ({ at, seen })),
    });
  }
}

/** Looks for as long as said whether something stays as it is; what is absent can only be watched, not awaited. */
export async function hold(
  { signal }: Pick<ExperimentContext, 'signal'>,
  forMs: number,
  look: () => Promise<boolean>,
): Promise<{ looks: number; held: number }> {
  const end = now() + forMs;
  let looks = 0;
  let held = 0;
  while (now() < end) {
    looks++;
    if (await look()) held++;
    await delay(CALL_EVERY_MS, undefined, { signal });
  }
  return { looks, held };
}
