import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../../../helpers/history/history.ts';
import { thresholds } from '../../../helpers/verdict/thresholds.ts';
import { verdictOn, watching } from './watched.ts';

/** What the suite said of an observer that got no CPU for that long, while its target was well. */
export interface Starved {
  pauseMs: number;
  /** Longer than an observer may pause: it has to be named. */
  beyondLimit: boolean;
  tried: number;
  named: number;
  /** Checks on the target that turned red, which it had not deserved. */
  red: number;
}

/** Calm before and after each pause, in ms. */
const AROUND_MS = 1_500;

/** Stops the process of the observer for known times, as a machine without a free CPU does, and hands over what the checks make of it. */
export async function starve(pauses: readonly number[], rounds: number): Promise<Starved[]> {
  const { done, history } = await watching(async ({ traffic, change }) => {
    const { pid } = traffic;
    if (pid === undefined) throw new Error('the observer has no process');
    const trials: { name: string; pauseMs: number; tookMs: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const pauseMs of pauses) {
        const name = `pause-${String(pauseMs)}-${String(round)}`;
        await change(name, AROUND_MS, async () => {
          process.kill(pid, 'SIGSTOP');
          const stopped = now();
          try {
            await delay(pauseMs);
          } finally {
            process.kill(pid, 'SIGCONT');
          }
          trials.push({ name, pauseMs, tookMs: now() - stopped });
        });
      }
    }
    return trials;
  });
  return pauses.map((pauseMs) => {
    const own = done.filter((trial) => trial.pauseMs === pauseMs).map(({ name }) => verdictOn(history, name));
    return {
      pauseMs,
      beyondLimit: pauseMs > thresholds.observerPause.value,
      tried: own.length,
      named: own.filter(({ blind }) => blind).length,
      red: own.reduce((sum, { red }) => sum + red.length, 0),
    };
  });
}
