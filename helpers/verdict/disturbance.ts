import { z } from 'zod';
import { percent } from '../format.ts';
import type { History } from '../history/history.ts';
import { stolenShare } from '../traffic/analysis/sight.ts';
import { thresholds } from './thresholds.ts';
import { watchedIn, whyBlind } from './watch.ts';

/** The fact that says what went wrong beside the target while an experiment ran: sentences. */
export const SURROUNDINGS = 'surroundings.trouble';

/** What an experiment cannot do without failed, and the target has no part in it. */
export function surroundingsOf(history: History): string[] {
  return z.array(z.string()).safeParse(history.fact(SURROUNDINGS)).data ?? [];
}

/** Around a late call, in ms: the machine's CPU time is written down twice a second. */
const AROUND_MS = 1_000;

/**
 * Why a history can say nothing about the target, though neither it nor the suite is to blame: the machine's host took the CPU away while a
 * change was watched, and the observer could not see. Undefined when it saw every change, and when it was blind for another reason.
 */
export function disturbanceOf(history: History): string | undefined {
  const { machine } = history.traffic;
  const stolen = Math.max(
    0,
    ...changesIn(history).flatMap((name) => {
      const watched = watchedIn(history, name);
      if ('missing' in watched || whyBlind(watched.sight) === undefined) return [];
      return watched.sight.late.map(
        ({ due, start }) => stolenShare(machine, { from: due - AROUND_MS, to: start + AROUND_MS }) ?? 0,
      );
    }),
  );
  if (stolen <= thresholds.machineStolen.value) return undefined;
  return `the observer was blind while up to ${percent(stolen)} of the machine's CPU time went to others on its host`;
}

/** Names of the changes that were watched; undefined stands for the only one. */
function changesIn({ steps }: History): (string | undefined)[] {
  const baselines = steps.flatMap(({ id }) => /^traffic\.baseline(?:\.(.+))?$/.exec(id)?.slice(1) ?? []);
  return [...new Set(baselines)];
}
