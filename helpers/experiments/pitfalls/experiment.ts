import { messageOf } from '../../errors.ts';
import type { FirstCallsFact, LoadTestFact, StartFact } from '../../health/pitfalls.ts';
import { explainPods, isReady } from '../../kubernetes/pods.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Pod } from '../../kubernetes/resources.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import { predictionsOf } from '../../serving/requests.ts';
import { percentilesOf } from '../../traffic/analysis/latency.ts';
import { thresholds } from '../../verdict/thresholds.ts';
import { askInTurn, askSteadily, figuresOf, repeated } from '../replica/ask.ts';
import { makeBench } from '../replica/replica.ts';
import type { Bench, Replica } from '../replica/replica.ts';
import { own } from '../steps.ts';
import { lacksPredictions } from '../strategies/experiment.ts';
import { READY_LIMIT_MS } from '../strategies/site.ts';
import { USER_RATE } from '../strategies/traffic.ts';
import { usageOf } from '../strategies/usage.ts';
import { oomKillsOf } from '../strategies/watchdog.ts';
import type { ModelExperiment } from '../types.ts';
import { cpuPeriodsSince } from './throttling.ts';

/** A replica that starts, a load test, and a kubelet that counts late. In ms. */
const LIMIT_MS = 10 * 60_000;
/** Long enough for the kubelet to count twice within it, and for a P99, in ms. */
const LOAD_TEST_MS = 30_000;
/** Of the pods that are made here. */
const CONTAINER = 'model-server';

/**
 * One replica of the version that is to be brought in, as it is declared: the first calls as soon as it is ready, and then a load test with
 * what one replica has to take while another is away. Steps: `namespace`, `secrets`, `start`, `load-test`. Facts: `pitfalls.start`,
 * `pitfalls.first-calls`, `pitfalls.load-test`.
 */
export const modelPitfalls: ModelExperiment = {
  id: 'model.pitfalls',
  kind: 'Model',
  title: 'A replica that starts cold, and a load test within its limits',
  needs: [],
  timeLimitMs: LIMIT_MS,
  lacks: lacksPredictions,
  async run(context) {
    const { target, history } = context;
    const bench = await makeBench(context);
    try {
      const { candidate } = target.versions;
      const replica = await bench.start('first', { version: candidate });
      const started = await own(context, 'start', `start ${candidate.modelVersion}`, () => ready(bench, replica));
      history.fact('pitfalls.start', started);
      if (!started.ready) return;
      const calls = await askInTurn(replica, repeated(predictionsOf(target), thresholds.firstCalls.value));
      const first: FirstCallsFact = { limitMs: target.slo.p99Ms, calls };
      history.fact('pitfalls.first-calls', first);
      const tested = await own(context, 'load-test', 'test the replica under load', () => loadTest(bench, replica));
      history.fact('pitfalls.load-test', tested);
    } finally {
      await bench.stopObserving();
    }
  },
};

/** Returns as soon as Kubernetes would send calls to the replica, or when it was killed for its memory before that. */
async function ready({ context, kube, namespace }: Bench, replica: Replica): Promise<StartFact> {
  const { signal, target } = context;
  const version = replica.version.modelVersion;
  const selection = { namespace, labelSelector: `app=${target.name}` };
  try {
    const pods = await waitFor(
      kube,
      `${version} is ready`,
      { resource: kinds.pod, selection },
      (found) => found.some(isReady) || found.reduce(oomKillsOf, 0) > 0,
      { timeoutMs: READY_LIMIT_MS, signal, explain: () => explainPods(kube, namespace) },
    );
    return { version, ready: pods.some(isReady), oomKills: pods.reduce(oomKillsOf, 0) };
  } catch (thrown) {
    signal.throwIfAborted();
    return { version, ready: false, oomKills: 0, error: messageOf(thrown) };
  }
}

/** Asks one replica what it has to take when another is away: all users' calls, spread over those that are left. */
async function loadTest(bench: Bench, replica: Replica): Promise<LoadTestFact> {
  const { context, kube, namespace } = bench;
  const { target, signal } = context;
  const ratePerS = USER_RATE / Math.max(1, target.replicas - 1);
  const pod = await replica.pod();
  const where = {
    ...{ node: pod?.spec?.nodeName ?? '', namespace, pod: pod?.metadata?.name ?? '' },
    container: CONTAINER,
  };
  const before = await cpuPeriodsSince(kube, where, Date.now(), signal);
  const calls = await askSteadily(replica, predictionsOf(target), { ratePerS, durationMs: LOAD_TEST_MS, signal });
  const after = await cpuPeriodsSince(kube, where, Date.now(), signal);
  const pods: Pod[] = [await replica.pod()].filter((one) => one !== undefined);
  const { p95 } = percentilesOf(calls.filter(({ error }) => error === undefined).map(({ ms }) => ms));
  return {
    ratePerS,
    durationMs: LOAD_TEST_MS,
    asked: figuresOf(calls),
    ...(p95 === undefined ? {} : { p95Ms: p95 }),
    ...(before === undefined || after === undefined
      ? {}
      : { cpuPeriods: { all: after.all - before.all, throttled: after.throttled - before.throttled } }),
    slo: { p95Ms: target.slo.p95Ms, errorRate: target.slo.errorRate },
    memoryWarning: target.healthChecks.thresholds.memory.warning,
    usage: await usageOf(bench, pods),
  };
}
