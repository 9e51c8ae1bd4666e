import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { now, TRAFFIC_FILE } from '../../history/history.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Pod } from '../../kubernetes/resources.ts';
import { plansOutage } from '../../planning/limits.ts';
import type { Phase } from '../../planning/schema.ts';
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
/** Users notice a container that was killed for its memory before the kubelet has told of it: it looks once a second. In ms. */
const KILLS_TOLD_WITHIN_MS = 3_000;

/** Watches what users get of a new version, and turns it back when a trigger is reached. */
export interface Watchdog {
  /** Aborts when the version has to be turned back. */
  signal: AbortSignal;
  turnedBack: () => TurnedBack | undefined;
  /** A phase is over. As long as one with a planned outage is to come or under way, what users get is not held against the version. */
  over: (phase: Phase) => void;
  stop: () => Promise<void>;
  /** All triggers that were reached, with kills of which the API server learnt only after the decision. */
  reached: () => Promise<TurnedBack['reached']>;
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
  const lastOutage = plan.phases.findLast(plansOutage);
  let answerableFrom = lastOutage === undefined ? -Infinity : Infinity;

  const countKills = async () =>
    (await kube.list(kinds.pod, { labelSelector: podsOf(rollout, to) })).items.reduce(oomKillsOf, 0);
  const look = async (): Promise<TurnedBack | undefined> => {
    calls = [...calls, ...live.read()].filter(({ end }) => end > now() - thresholds.rollbackWindow.value);
    if (performance.now() - podsAt > PODS_EVERY_MS) {
      podsAt = performance.now();
      oomKills = await countKills();
    }
    const own = answerableBy(calls, to.modelVersion).filter(({ start }) => start >= answerableFrom);
    const reached = reachedTriggers(plan.rollback.triggers, { calls: own, oomKills });
    if (reached.length > 0) return { at: now(), by: 'trigger', reason: reasonOf(reached), reached };
    metAt ??= calls.find(({ servedBy }) => servedBy?.version === to.modelVersion)?.end;
    if (operatorAfterMs === undefined || metAt === undefined || now() < metAt + operatorAfterMs) return undefined;
    return { at: now(), by: 'operator', reason: 'the operator of the trial said so', reached: [] };
  };
  /** The kills that made calls fail. The rollback does not wait for them to be known. */
  const killsToldLater = async ({ by }: TurnedBack): Promise<TurnedBack['reached']> => {
    const until = performance.now() + KILLS_TOLD_WITHIN_MS;
    while (by === 'trigger' && oomKills === 0 && performance.now() < until) {
      await delay(LOOK_EVERY_MS);
      oomKills = await countKills().catch(() => 0);
    }
    return reachedTriggers(plan.rollback.triggers, { calls: [], oomKills });
  };
  let kills: Promise<TurnedBack['reached']> | undefined;
  const watching = (async () => {
    while (!over.signal.aborted && turnedBack === undefined) {
      turnedBack = await look().catch((thrown: unknown) => {
        context.progress(`the watch on ${to.modelVersion} was interrupted: ${messageOf(thrown)}`);
        return undefined;
      });
      await delay(LOOK_EVERY_MS, undefined, { signal: over.signal }).catch(() => undefined);
    }
    if (turnedBack === undefined) return;
    kills = killsToldLater(turnedBack);
    fired.abort(new Error(turnedBack.reason));
  })();
  return {
    signal: fired.signal,
    turnedBack: () => turnedBack,
    over(phase) {
      if (phase === lastOutage) answerableFrom = now();
    },
    async stop() {
      over.abort();
      await watching;
    },
    async reached() {
      const known = turnedBack?.reached ?? [];
      const later = (await kills) ?? [];
      return [...known, ...later.filter(({ limit }) => !known.some((other) => other.limit.metric === limit.metric))];
    },
  };
}

/** `error rate > 5 %: 0.067; …` */
export function reasonOf(reached: TurnedBack['reached']): string {
  return reached.map(({ limit, seen }) => `${limitText(limit)}: ${String(Number(seen.toFixed(3)))}`).join('; ');
}

/** How many containers of the pod were killed for their memory, as far as it remembers. */
export function oomKillsOf(sum: number, { status }: Pod): number {
  const killed = (status?.containerStatuses ?? []).filter(({ state, lastState }) =>
    [state?.terminated, lastState?.terminated].some((ended) => ended?.reason === 'OOMKilled'),
  );
  return sum + killed.length;
}
