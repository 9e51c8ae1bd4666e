import { setTimeout as delay } from 'node:timers/promises';
import { countOf } from '../../../helpers/traffic/analysis/calls.ts';
import { stolenShare } from '../../../helpers/traffic/analysis/sight.ts';
import { isLost, outageWindows, stallWindows } from '../../../helpers/traffic/analysis/windows.ts';
import { thresholds } from '../../../helpers/verdict/thresholds.ts';
import { verdictOn, watching } from './watched.ts';

/** What the suite found where nothing was. */
export interface Quiet {
  minutes: number;
  calls: number;
  lost: number;
  outages: number;
  stalls: number;
  /** Watches of a minute each, those of them in which the observer said that it was blind, and red checks in all of them. */
  watches: number;
  blind: number;
  red: string[];
  /** Share of the machine's CPU time that its host gave to others; undefined where the system does not tell. */
  stolen: number | undefined;
}

/** Calm before and after each watch, in ms. */
const AROUND_MS = 2_000;

/** Traffic to an endpoint that is well all the time, judged minute by minute. */
export async function watchQuiet(minutes: number, say: (message: string) => void): Promise<Quiet> {
  const names = Array.from({ length: minutes }, (_, minute) => `minute-${String(minute + 1)}`);
  const { history } = await watching(async ({ change }) => {
    for (const [minute, name] of names.entries()) {
      if (minute % 10 === 0) say(`quiet: ${String(minute)} of ${String(minutes)} minutes`);
      await change(name, AROUND_MS, () => delay(60_000 - 2 * AROUND_MS));
    }
  });
  const { calls, machine } = history.traffic;
  const paths = (['new-connection', 'kept-alive', 'session', 'control'] as const).map((path) =>
    calls.filter((call) => call.path === path),
  );
  const verdicts = names.map((name) => verdictOn(history, name));
  return {
    minutes,
    calls: calls.length,
    lost: countOf(calls, isLost),
    outages: paths.flatMap((own) => outageWindows(own)).length,
    stalls: paths.flatMap((own) => stallWindows(own, thresholds.stall.value)).length,
    watches: verdicts.length,
    blind: verdicts.filter(({ blind }) => blind).length,
    red: verdicts.flatMap(({ red }) => red),
    stolen: stolenShare(machine, { from: machine[0]?.at ?? 0, to: machine.at(-1)?.at ?? 0 }),
  };
}
