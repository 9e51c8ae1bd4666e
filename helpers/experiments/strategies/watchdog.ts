import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { now, TRAFFIC_FILE } from '../../history/history.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Pod } from '../../kubernetes/resources.ts';
import { limitText } from '../../planning/text.ts';
import type { OutcomeFact } from '../../rollout/facts.ts';
import { LiveTraffic } from '../../rollout/live-traffic.ts';
import { reachedTriggers } from '../../rollout/triggers.ts';
import { answerableBy } from '../../traffic/analysis/figures.ts';
import type { TrafficCall } from '../../traffic/records.ts';
import { thresholds } from '../../verdict/thresholds.ts';
import { podsOf } from './rollout.ts';
import type { Rollout } from './rollout.ts';

export type TurnedBack = NonNullable<OutcomeFact['turnedBack']>;

/** Between two looks, in ms: the observer writes as often. */
const LOOK_EVERY_MS = 250;
/** Pods are asked for less often, in ms: an API server is not to be a part of the load. */
const PODS_EVERY_MS = 1_000;

/** Watches what users get of a new version, and turns it back when a trigger is reached. */
export interface Watchdog {
  /** Aborts when the version has to be turned back. */
  signal: AbortSignal;
  turnedBack: () => TurnedBack | undefined;
  stop: () => Promise<void>;
}

export function startWatchdog(rollout: Rollout): Watchdog {
  const { site, plan, to, operatorAfterMs } = rollout;
  const { context, kube } = site;
  const live = new LiveTraffic(join(context.folder, TRAFFIC_FILE));
  const over = new AbortController();
  const fired = new AbortController();
  let turnedBack: TurnedBack | undefined;
  let calls: TrafficCall[] = [];
  let metAt: number | undefined;
  let [oomKills, podsAt] = [0, -Infinity];

  const look = async (): Promise<TurnedBack | undefined> => {
    calls = [...calls, ...live.read()].filter(({ end }) => end > now() - thresholds.rollbackWindow.value);
    if (performance.now() - podsAt > PODS_EVERY_MS) {
      podsAt = performance.now();
      oomKills = (await kube.list(kinds.pod, { labelSelector: podsOf(rollout, to) })).items.reduce(oomKillsOf, 0);
    }
    const reached = reachedTriggers(plan.rollback.triggers, { calls: answerableBy(calls, to.modelVersion), oomKills });
    if (reached.length > 0) {
      const reason = reached
        .map(({ limit, seen }) => `${limitText(limit)}: ${String(Number(seen.toFixed(3)))}`)
        .join('; ');
      return { at: now(), by: 'trigger', reason, reached };
    }
    metAt ??= calls.find(({ servedBy }) => servedBy?.version === to.modelVersion)?.end;
    if (operatorAfterMs === undefined || metAt === undefined || now() < metAt + operatorAfterMs) return undefined;
    return { at: now(), by: 'operator', reason: 'the operator of the trial said so', reached: [] };
  };
  const watching = (async () => {
    while (!over.signal.aborted && turnedBack === undefined) {
      turnedBack = await look().catch((thrown: unknown) => {
        context.progress(`the watch on ${to.modelVersion} was interrupted: ${messageOf(thrown)}`);
        return undefined;
      });
      await delay(LOOK_EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
    if (turnedBack !== undefined) fired.abort(new Error(turnedBack.reason));
  })();
  return {
    signal: fired.signal,
    turnedBack: () => turnedBack,
    async stop() {
      over.abort();
      await watching;
    },
  };
}

/** How many containers of the pod were killed for their memory, as far as it remembers. */
export function oomKillsOf(sum: number, { status }: Pod): number {
  const killed = (status?.containerStatuses ?? []).filter(({ state, lastState }) =>
    [state?.terminated, lastState?.terminated].some((ended) => ended?.reason === 'OOMKilled'),
  );
  return sum + killed.length;
}
