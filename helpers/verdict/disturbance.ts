import type { History } from '../history/history.ts';
import { percent } from '../format.ts';
import { thresholds } from './thresholds.ts';
import { watchedIn, whyBlind } from './watch.ts';

/**
 * Why a history can say nothing about the target, though neither it nor the suite is to blame: the machine's host took the CPU away while a
 * change was watched, and the observer could not see. Undefined when it saw every change, and when it was blind for another reason.
 */
export function disturbanceOf(history: History): string | undefined {
  return changesIn(history)
    .map((name) => {
      const watched = watchedIn(history, name);
      if ('missing' in watched || whyBlind(watched.sight) === undefined) return undefined;
      const { stolen = 0 } = watched;
      if (stolen <= thresholds.machineStolen.value) return undefined;
      return `the observer was blind while ${percent(stolen)} of the machine's CPU time went to others on its host`;
    })
    .find((why) => why !== undefined);
}

/** Names of the changes that were watched; undefined stands for the only one. */
function changesIn({ steps }: History): (string | undefined)[] {
  const baselines = steps.flatMap(({ id }) => /^traffic\.baseline(?:\.(.+))?$/.exec(id)?.slice(1) ?? []);
  return [...new Set(baselines)];
}
