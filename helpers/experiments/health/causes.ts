import { setTimeout as delay } from 'node:timers/promises';
import { AT_REST, readingName } from '../../health/facts.ts';
import type { Limits } from '../../health/facts.ts';
import { batchOf, predictionsOf } from '../../serving/requests.ts';
import type { AskedPrediction } from '../../serving/requests.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import { askBusily, askInTurn, askSteadily, figuresOf, repeated } from '../replica/ask.ts';
import type { Asked } from '../replica/ask.ts';
import type { Replica } from '../replica/replica.ts';
import type { ExperimentContext } from '../types.ts';
import { readHealth, readingOf } from './readings.ts';
import type { Read } from './readings.ts';

/** What each cause works with. */
export interface Trial {
  context: ExperimentContext<ModelTarget>;
  replica: Replica;
  /** Path of the report. */
  path: string;
}

/** Predictions between two looks at the memory: few enough for no look to miss the band between the two limits. */
const LEAKED_AT_ONCE = 10;
/** A leak that has not got there by then never does, in ms. */
const LEAK_LIMIT_MS = 120_000;
/** Clients that keep the CPU busy: more than one, so that it never waits for them; more of them at each attempt. */
const BUSY_CLIENTS = 4;
/** Beyond its window, for what was before to be forgotten, in ms: servers count by the second. */
const WINDOW_MARGIN_MS = 2_000;
/** Attempts at a load beyond the limit, and at one between the two: what one call costs is known after the first. */
const CPU_ATTEMPTS = 4;
/** Calls behind a share of failed ones. */
const ERROR_CALLS = 100;
/** Rounds of all samples that a slow version is asked. */
const SLOW_ROUNDS = 2;

/** Nothing is wrong: what the start took has left the window, and some calls are in it. */
export async function rest(trial: Trial): Promise<void> {
  const { context } = trial;
  const { windowMs } = await readHealth(trial.replica, trial.path);
  await delay(windowMs + WINDOW_MARGIN_MS, undefined, { signal: context.signal });
  const calls = await askInTurn(trial.replica, predictionsOf(context.target));
  await write(trial, AT_REST, 'its samples were predicted', calls);
}

/** A model that cannot be loaded. There is no warning before that: it is loaded or it is not. */
export async function notLoaded(trial: Trial): Promise<void> {
  await write(trial, readingName('modelLoaded', 'critical'), 'its model cannot be loaded', []);
}

/** Memory that is never given back, until each limit was passed. */
export async function leak(trial: Trial): Promise<void> {
  const { context, replica, path } = trial;
  const limits = context.target.healthChecks.thresholds.memory;
  const samples = predictionsOf(context.target);
  const end = performance.now() + LEAK_LIMIT_MS;
  const calls: Asked[] = [];
  const written = new Set<string>();
  while (!written.has('critical') && performance.now() < end) {
    context.signal.throwIfAborted();
    calls.push(...(await askInTurn(replica, repeated(samples, LEAKED_AT_ONCE))));
    const read = await readHealth(replica, path);
    const level = levelOf(read.report.checks.memory.value, limits);
    if (level === undefined || written.has(level)) continue;
    written.add(level);
    await write(trial, readingName('memory', level), 'its predictions keep memory', calls, read);
  }
}

/** Load on the CPU: first as much as it takes, then as much as lies between the two limits. */
export async function load(trial: Trial): Promise<void> {
  const { context, replica, path } = trial;
  const { signal, target } = context;
  const request = fullBatch(target);
  const limits = target.healthChecks.thresholds.cpu;
  const { windowMs } = await readHealth(replica, path);
  const durationMs = windowMs + WINDOW_MARGIN_MS;
  let [busy, read] = [[] as Asked[], await readHealth(replica, path)];
  for (let attempt = 1; attempt <= CPU_ATTEMPTS; attempt++) {
    busy = await askBusily(replica, request, { clients: attempt * BUSY_CLIENTS, durationMs, signal });
    read = await readHealth(replica, path);
    if (levelOf(read.report.checks.cpu.value, limits) === 'critical') break;
  }
  await write(trial, readingName('cpu', 'critical'), 'it is asked as much as it can take', busy, read);

  const wanted = (limits.warning + limits.critical) / 2;
  let ratePerS = (busy.length * 1000) / durationMs;
  for (let attempt = 1; attempt <= CPU_ATTEMPTS; attempt++) {
    // A share beyond the limit says nothing of what a call costs but that it is no less.
    ratePerS *= wanted / Math.min(read.report.checks.cpu.value ?? 1, 1);
    const calls = await askSteadily(replica, [request], { ratePerS, durationMs, signal });
    read = await readHealth(replica, path);
    if (levelOf(read.report.checks.cpu.value, limits) !== 'warning' && attempt < CPU_ATTEMPTS) continue;
    const cause = `it is asked ${ratePerS.toFixed(0)} times a second`;
    return write(trial, readingName('cpu', 'warning'), cause, calls, read);
  }
}

/** A version that answers late by itself. */
export function late(level: 'warning' | 'critical') {
  return async (trial: Trial): Promise<void> => {
    const { context, replica } = trial;
    const samples = predictionsOf(context.target);
    const calls = await Promise.all(samples.map((sample) => askInTurn(replica, repeated([sample], SLOW_ROUNDS))));
    await write(trial, readingName('responseTimeMs', level), 'its predictions are late', calls.flat());
  };
}

/** Inputs that the version fails on, among others that it does not: first few of them, then many. */
export async function failing(trial: Trial): Promise<void> {
  const { context, replica } = trial;
  const { warning, critical } = context.target.healthChecks.thresholds.errorRate;
  const samples = predictionsOf(context.target);
  const calls: Asked[] = await askInTurn(replica, samples);
  const fails = samples.filter((_, index) => calls[index]?.error !== undefined);
  const works = samples.filter((sample) => !fails.includes(sample));
  const ask = async (these: readonly AskedPrediction[], count: number) => {
    calls.push(...(await askInTurn(replica, repeated(these, Math.max(0, count)))));
  };
  const failed = () => figuresOf(calls).failed;
  const few = (warning + critical) / 2;
  const total = Math.max(ERROR_CALLS, Math.ceil(1 / few));
  await ask(fails, Math.round(total * few) - failed());
  await ask(works, Math.ceil(failed() / few) - calls.length);
  await write(trial, readingName('errorRate', 'warning'), 'some inputs fail', calls);
  // Half-way between the limit and nothing but failures, and calls of which only these are new.
  const many = (critical + 1) / 2;
  await ask(fails, Math.ceil((many * calls.length - failed()) / (1 - many)));
  await write(trial, readingName('errorRate', 'critical'), 'most inputs fail', calls);
}

async function write(trial: Trial, name: string, cause: string, calls: readonly Asked[], known?: Read): Promise<void> {
  const { context, replica, path } = trial;
  const read = known ?? (await readHealth(replica, path));
  context.history.fact(`health.${name}`, await readingOf(replica, read, { cause, asked: figuresOf(calls) }));
}

function levelOf(value: number | undefined, { warning, critical }: Limits): 'warning' | 'critical' | undefined {
  if (value === undefined || value <= warning) return undefined;
  return value > critical ? 'critical' : 'warning';
}

/** As many instances in one request as the server takes: most work for the server, least for whoever asks. */
function fullBatch(target: ModelTarget): AskedPrediction {
  const batch = batchOf(target);
  const [single] = predictionsOf(target);
  if (batch === undefined) {
    if (single === undefined) throw new Error('the target has no sample that is asked over HTTP');
    return single;
  }
  const { instances } = batch.body as { instances: unknown[] };
  const { maxBatch } = target.serving;
  return {
    ...batch,
    body: { instances: repeated(instances, maxBatch) },
    expected: repeated(batch.expected, maxBatch),
  };
}
