import type { Mistake } from '../../errors.ts';
import { waitForRollout } from '../../kubernetes/rollouts.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import type { ModelVersion } from '../../target/model/versions.ts';
import { waitUntil } from '../../wait.ts';
import { makeBench } from '../replica/replica.ts';
import type { Bench, Replica } from '../replica/replica.ts';
import { trial } from '../steps.ts';
import { lacksPredictions } from '../strategies/experiment.ts';
import { READY_LIMIT_MS } from '../strategies/site.ts';
import type { ModelExperiment } from '../types.ts';
import { failing, late, leak, load, notLoaded, rest } from './causes.ts';
import type { Trial } from './causes.ts';
import { readHealth } from './readings.ts';

/** Seven replicas that start, and two to three minutes of what is done to them. In ms. */
const LIMIT_MS = 15 * 60_000;
/** Until a replica whose model is never loaded answers, in ms: its process alone is waited for. */
const ANSWER_LIMIT_MS = 90_000;
/** Limit on CPU where it is to be used up: what counts is the share of it, and a whole core would be missing to whoever asks. */
const SCARCE_CPU = '250m';

interface Cause {
  /** Of the replica and the steps. */
  name: string;
  /** Undefined where the target declares no such version: then nothing is recorded, and what needs it is inconclusive. */
  version: ModelVersion | undefined;
  cpu?: string;
  /** Whether it is waited for, until it takes calls. */
  getsReady: boolean;
  push: (trial: Trial) => Promise<void>;
}

function causesOf({ versions: { stable, bad } }: ModelTarget): Cause[] {
  const ready = { getsReady: true };
  return [
    { name: 'rest', version: stable, ...ready, push: rest },
    { name: 'error-rate', version: bad.failing, ...ready, push: failing },
    { name: 'response-warning', version: bad.sluggish, ...ready, push: late('warning') },
    { name: 'response-critical', version: bad.slow, ...ready, push: late('critical') },
    { name: 'memory', version: bad.leaking, ...ready, push: leak },
    { name: 'cpu', version: stable, cpu: SCARCE_CPU, ...ready, push: load },
    { name: 'model-loaded', version: bad['never-ready'], getsReady: false, push: notLoaded },
  ];
}

/**
 * What replicas say of their health, at rest and while each of the five checks is pushed over its limits by a real cause. Each cause has a
 * replica of its own, so that none shows in the figures of another. Steps: `namespace`, `secrets`, `start.CAUSE`, `push.CAUSE`. Facts:
 * `health.limits`, `health.at-rest`, `health.CHECK.warning`, `health.CHECK.critical`.
 */
export const modelHealth: ModelExperiment = {
  id: 'model.health',
  kind: 'Model',
  title: 'The health of a model, pushed over each of its limits',
  needs: [],
  timeLimitMs: LIMIT_MS,
  lacks: lacksReport,
  async run(context) {
    const { target, history } = context;
    const path = target.serving.paths.health ?? '';
    history.fact('health.limits', target.healthChecks.thresholds);
    const bench = await makeBench(context);
    try {
      // All start at once, and each is left alone until its turn comes.
      const started = await Promise.all(causesOf(target).map((cause) => start(bench, cause, path)));
      for (const { cause, replica } of started.filter((one) => one !== undefined))
        await trial(context, `push.${cause.name}`, `${cause.name} of ${cause.version?.modelVersion ?? ''}`, () =>
          cause.push({ context, replica, path }),
        );
    } finally {
      await bench.stopObserving();
    }
  },
};

async function start(
  bench: Bench,
  cause: Cause,
  path: string,
): Promise<{ cause: Cause; replica: Replica } | undefined> {
  const { context, kube } = bench;
  const { signal } = context;
  const { name, version, cpu, getsReady } = cause;
  if (version === undefined) return undefined;
  const options = { version, ...(cpu === undefined ? {} : { cpu }) };
  const replica = await trial(context, `start.${name}`, `start ${version.modelVersion} for ${name}`, async () => {
    const made = await bench.start(name, options);
    if (getsReady) await waitForRollout(kube, made.name, { timeoutMs: READY_LIMIT_MS, signal });
    const answers = () => readHealth(made, path).then(() => true);
    await waitUntil(`${name} says how it is`, answers, { timeoutMs: ANSWER_LIMIT_MS, everyMs: 200, signal });
    return made;
  });
  return replica === undefined ? undefined : { cause, replica };
}

function lacksReport(target: ModelTarget): Mistake | undefined {
  if (target.serving.paths.health !== undefined) return lacksPredictions(target);
  return {
    what: 'The target does not say where its server reports its health',
    where: `${target.file} serving.paths.health`,
    fix: 'declare the path of the report, e.g. "health: /health/details"',
  };
}
