import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import type { ClusterAccess } from '../cluster/provider.ts';
import { TRAFFIC_FILE } from '../history/history.ts';
import { Kube } from '../kubernetes/kube.ts';
import { clockOffsetMs } from '../traffic/clock.ts';
import type { McpTrafficPlan, TrafficPlan } from '../traffic/plan.ts';
import { longestCallMs, startTraffic } from '../traffic/traffic.ts';
import type { RunningTraffic } from '../traffic/traffic.ts';
import { startFrom } from './probers.ts';
import { own } from './steps.ts';
import type { ExperimentContext } from './types.ts';

/**
 * Lengths of the calls that are in flight when a change begins, in seconds. Real drain limits lie at 2, 10, 15 and 30 s: each step tells
 * one from the next.
 */
export const CALL_LENGTHS = [1, 6, 12, 20, 40] as const;

/** For changes that need not stop a replica: whoever does it nevertheless is caught by these too. */
export const SHORT_CALL_LENGTHS = [1, 6, 12] as const;

/** What clients wait for a short call before they give up, in ms. */
const CALL_LIMIT_MS = 10_000;
/** Probes of the control endpoint a second: cheap, and enough to notice a network that is gone for a tenth of a second. */
export const CONTROL_RATE = 10;
/** An experiment that does not stop its traffic has gone wrong: the observer stops by itself, in ms. */
const LONGEST_TRAFFIC_MS = 30 * 60_000;
/**
 * Traffic goes on for this long after a change is complete, in ms: what comes late is seen as well, and the shortest rollout of a model has
 * the calls behind it that a claim of 99.9 % takes.
 */
const AFTERMATH_MS = 10_000;

interface TrafficOptions {
  url: string;
  token: string | undefined;
  /** Lengths of the calls in flight, in seconds. */
  lengths?: readonly number[];
}

/**
 * Runs `change` while traffic is on the target: standing sessions are opened, all paths run for a while undisturbed (the baseline), one
 * call of each length is sent, and then the change begins. Traffic goes on until some time after it. The traffic's history is written to
 * `traffic.jsonl` in the experiment's folder. Steps: `traffic.start`, `traffic.baseline`, `change`, `aftermath`, `traffic.stop`.
 * @throws what `change` throws, and Error when the target cannot be called at all: then nothing was changed.
 */
export async function underTraffic<T>(
  context: ExperimentContext,
  options: TrafficOptions,
  change: () => Promise<T>,
): Promise<T> {
  return withTraffic(context, options, (watched) => watched(change));
}

/**
 * Watches `change`, as `underTraffic` does. With a name there may be several in one experiment, each judged apart: its steps are
 * `traffic.baseline.NAME`, `change.NAME` and `aftermath.NAME`, and it is left alone until the calls that were launched for it have ended.
 */
export type Watched = <T>(change: () => Promise<T>, name?: string) => Promise<T>;

/**
 * Runs `work` while traffic is on the target, for experiments that make several changes one after the other: the same sessions live
 * through all of them.
 * @throws what `work` throws, and Error when the target cannot be called at all: then nothing was changed.
 */
export function withTraffic<T>(
  context: ExperimentContext,
  options: TrafficOptions,
  work: (watched: Watched) => Promise<T>,
): Promise<T> {
  return withPlannedTraffic(context, planFor(context, options), work, (plan) => startFrom(context, plan));
}

/** What of an experiment the traffic needs, whatever kind of target is on trial. */
type Watching = Pick<ExperimentContext, 'history' | 'signal' | 'progress'>;

/**
 * As `withTraffic`, whatever is called: `plan` says it.
 * @param start where the traffic comes from: this machine, unless told otherwise. What looks at calls while they are made has to leave it so.
 */
export async function withPlannedTraffic<T>(
  context: Watching,
  plan: TrafficPlan,
  work: (watched: Watched) => Promise<T>,
  start: (plan: TrafficPlan) => Promise<RunningTraffic> = startTraffic,
): Promise<T> {
  const traffic = await own(context, 'traffic.start', 'start the traffic', () => start(plan));
  try {
    try {
      return await work((change, name) => watch(context, { traffic, plan, name }, change));
    } finally {
      await context.history.step('traffic.stop', 'stop the traffic', () => traffic.stop());
    }
  } finally {
    traffic.kill();
  }
}

async function watch<T>(
  context: Watching,
  { traffic, plan, name }: { traffic: RunningTraffic; plan: TrafficPlan; name: string | undefined },
  change: () => Promise<T>,
): Promise<T> {
  const { history, signal } = context;
  const [suffix, what] = name === undefined ? ['', 'the change'] : [`.${name}`, name];
  await own(context, `traffic.baseline${suffix}`, `watch the target before ${what}`, () =>
    delay(baselineMs(plan), undefined, { signal }),
  );
  const launched = performance.now();
  await traffic.launchLongCalls();
  try {
    return await history.step(`change${suffix}`, what, change);
  } finally {
    context.progress(`watching what comes after ${what}`);
    // The end of the traffic waits for the calls in flight; where it goes on, they are waited for here.
    const inFlightMs = name === undefined ? 0 : longestMs(plan) - (performance.now() - launched);
    await history.step(`aftermath${suffix}`, `watch the target after ${what}`, () =>
      delay(Math.max(AFTERMATH_MS, cycleMs(plan), inFlightMs), undefined, { signal }),
    );
  }
}

/** What the longest call of a launch takes, with some time to answer, in ms. */
function longestMs(plan: TrafficPlan): number {
  return longestCallMs(plan) + 1_000;
}

/** Every session is called once in this time, in ms. */
function cycleMs({ sessions, rates }: TrafficPlan): number {
  return sessions === 0 ? 0 : (sessions / rates.session) * 1000;
}

/** Long enough for each session to have been called, in ms; the schedule begins half a second after the start. */
function baselineMs(plan: TrafficPlan): number {
  return 1_500 + Math.max(3_000, cycleMs(plan));
}

function planFor(context: ExperimentContext, { url, token, lengths = CALL_LENGTHS }: TrafficOptions): McpTrafficPlan {
  const { target, cluster } = context;
  const { rate, sessions, sessionRate, longCall, servedByHeader, control } = target.traffic;
  return {
    kind: 'mcp',
    url,
    ...(token === undefined ? {} : { token }),
    protocol: target.mcp.protocol,
    toolCall: target.mcp.toolCall,
    ...(longCall === undefined ? {} : { longCall: { ...longCall, lengths } }),
    rates: { newConnection: rate / 2, keptAlive: rate / 2, session: sessionRate, control: CONTROL_RATE },
    sessions,
    control: control === undefined ? defaultControl(cluster) : { url: control },
    ...(servedByHeader === undefined ? {} : { servedByHeader }),
    ...commonPlan(context, CALL_LIMIT_MS),
  };
}

/** What every plan of traffic in an experiment has. @param callMs what clients wait for a short call before they give up, in ms. */
export function commonPlan(
  { folder, redactor }: Pick<ExperimentContext, 'folder' | 'redactor'>,
  callMs: number,
): Pick<TrafficPlan, 'file' | 'secrets' | 'clockOffsetMs' | 'limits'> {
  return {
    file: join(folder, TRAFFIC_FILE),
    secrets: redactor.secrets,
    clockOffsetMs: clockOffsetMs(),
    limits: { callMs, totalMs: LONGEST_TRAFFIC_MS },
  };
}

/**
 * Something on the same network as the target that no change touches: the registry of the embedded cluster, elsewhere the API server,
 * which tells everybody whether it lives.
 */
export function defaultControl(cluster: ClusterAccess): NonNullable<TrafficPlan['control']> {
  if (cluster.registry !== undefined) return { url: `http://${cluster.registry.push}/v2/` };
  const { server, caData, caFile } = Kube.connect(cluster).config.getCurrentCluster() ?? { server: '' };
  const ca =
    caData !== undefined
      ? Buffer.from(caData, 'base64').toString()
      : caFile === undefined
        ? undefined
        : readFileSync(caFile, 'utf8');
  return { url: new URL('/livez', server).href, ...(ca === undefined ? {} : { ca }) };
}
