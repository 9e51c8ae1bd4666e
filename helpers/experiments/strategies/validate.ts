import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { now, TRAFFIC_FILE } from '../../history/history.ts';
import { isReady } from '../../kubernetes/pods.ts';
import { kinds } from '../../kubernetes/resources.ts';
import { LiveTraffic } from '../../rollout/live-traffic.ts';
import type { ValidationStep } from '../../rollout/facts.ts';
import { figuresOf } from '../../traffic/analysis/figures.ts';
import { sampleFloor } from '../../traffic/analysis/latency.ts';
import { askAtEntry } from './ask.ts';
import type { Rollout } from './rollout.ts';

/** Users have to have called often enough for a P99 by then, in ms: at a hundred calls a second with some to spare. */
const FIGURES_AFTER_MS = 6_000;
const LOG_LINES = 2_000;
/** What a server writes when something went wrong. */
const ERROR_LINE = /\b(ERROR|CRITICAL|FATAL)\b|Traceback \(most recent call last\)/;

/** The validation steps of the rollback plan, after a rollback that was over at `since`. A step that cannot be done has failed. */
export async function validateRollback(rollout: Rollout, since: number): Promise<ValidationStep[]> {
  const left = since + FIGURES_AFTER_MS - now();
  await delay(Math.max(0, left), undefined, { signal: rollout.site.context.signal });
  const steps: [ValidationStep['step'], () => Promise<Omit<ValidationStep, 'step'>>][] = [
    ['health', () => health(rollout)],
    ['pods', () => pods(rollout)],
    ['samples', () => samples(rollout)],
    ['figures', () => figures(rollout, since)],
    ['logs', () => logs(rollout, since)],
  ];
  const done: ValidationStep[] = [];
  for (const [step, work] of steps) {
    const found = await work().catch((thrown: unknown) => ({ ok: false, seen: messageOf(thrown) }));
    done.push({ step, ...found });
  }
  return done;
}

type Found = Omit<ValidationStep, 'step'>;

async function health({ site }: Rollout): Promise<Found> {
  const { readiness } = site.context.target.healthChecks;
  if (!('path' in readiness)) return { ok: false, seen: 'the readiness probe is not one of HTTP' };
  const response = await fetch(new URL(readiness.path, site.url), { headers: { connection: 'close' } });
  return { ok: response.ok, seen: `${readiness.path}: HTTP ${String(response.status)}` };
}

async function servingPods({ site }: Rollout) {
  const { items } = await site.kube.list(kinds.pod, { labelSelector: `app=${site.context.target.name}` });
  return items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

async function pods(rollout: Rollout): Promise<Found> {
  const { from, site } = rollout;
  const all = await servingPods(rollout);
  const right = all.filter((pod) => isReady(pod) && pod.metadata?.labels?.['model-version'] === from.modelVersion);
  const ok = right.length === all.length && right.length === site.context.target.replicas;
  return { ok, seen: `${String(right.length)} of ${String(all.length)} pods ready and of ${from.modelVersion}` };
}

async function samples({ site, from }: Rollout): Promise<Found> {
  const asked = await askAtEntry(site.context.target, site.url);
  const wrong = asked.filter(({ outcome, version }) => outcome !== 'served' || version !== from.modelVersion);
  return {
    ok: asked.length > 0 && wrong.length === 0,
    seen: `${String(asked.length - wrong.length)} of ${String(asked.length)} samples right, by ${from.modelVersion}`,
  };
}

/** The dashboard shows them as the pods see them; these are those of the users. */
async function figures({ site }: Rollout, since: number): Promise<Found> {
  const { target, folder } = site.context;
  const calls = new LiveTraffic(join(folder, TRAFFIC_FILE)).read().filter(({ start }) => start >= since);
  const { errorRate = 1, latency, calls: count } = figuresOf(calls);
  const { p95 = Infinity, p99 = Infinity } = latency;
  const { slo } = target;
  const enough = count >= sampleFloor(99);
  return Promise.resolve({
    ok: enough && errorRate < slo.errorRate && p95 < slo.p95Ms && p99 < slo.p99Ms,
    seen: `${String(count)} calls since: ${(errorRate * 100).toFixed(2)} % lost, P95 ${p95.toFixed(0)} ms, P99 ${p99.toFixed(0)} ms`,
  });
}

async function logs(rollout: Rollout, since: number): Promise<Found> {
  const { kube } = rollout.site;
  const all = await servingPods(rollout);
  const lines = await Promise.all(
    all.map(async ({ metadata }) => {
      const at = kube.path(kinds.pod, { name: metadata?.name ?? '', subresource: 'log' });
      const sinceTime = new Date(since).toISOString();
      const stream = await kube.stream(at, { query: { container: 'model-server', sinceTime, tailLines: LOG_LINES } });
      return (await new Response(stream).text()).split('\n');
    }),
  );
  const errors = lines.flat().filter((line) => ERROR_LINE.test(line));
  const [first] = errors;
  return {
    ok: errors.length === 0 && all.length > 0,
    seen: `${String(errors.length)} errors in the logs of ${String(all.length)} pods${first === undefined ? '' : `: ${first}`}`,
  };
}
