import { z } from 'zod';
import { waitUntil } from '../wait.ts';

/** Prometheus answers such questions within milliseconds; in ms. */
const answersWithinMs = 10_000;

const envelope = z.union([
  z.object({ status: z.literal('success'), data: z.unknown() }),
  z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
]);

const labelSet = z.record(z.string(), z.string());
/** Seconds since 1970, and a number as text: `NaN` and `+Inf` are among them. */
const point = z.tuple([z.number(), z.string()]);

const instant = z.discriminatedUnion('resultType', [
  z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labelSet, value: point })) }),
  z.object({ resultType: z.literal('scalar'), result: point }),
]);

const targetList = z.object({
  activeTargets: z.array(
    z.object({
      scrapePool: z.string(),
      scrapeUrl: z.string(),
      labels: labelSet,
      health: z.enum(['up', 'down', 'unknown']),
      lastError: z.string(),
    }),
  ),
});

const alertList = z.object({
  alerts: z.array(
    z.object({
      labels: labelSet,
      annotations: labelSet,
      state: z.enum(['inactive', 'pending', 'firing']),
      activeAt: z.string().optional(),
    }),
  ),
});

export interface Sample {
  labels: Record<string, string>;
  value: number;
}

export type ScrapeTarget = z.infer<typeof targetList>['activeTargets'][number];
export type Alert = z.infer<typeof alertList>['alerts'][number];

/** How Prometheus says no, e.g. to a query with a mistake in it. */
class PrometheusError extends Error {
  /** e.g. `bad_data`. */
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.name = 'PrometheusError';
    this.type = type;
  }
}

/** A client of Prometheus' HTTP API. */
export class Prometheus {
  /** Without a slash at the end. */
  readonly url: string;

  constructor(url: string) {
    this.url = url.replace(/\/+$/, '');
  }

  /**
   * The value of an expression now, for each set of labels; empty when nothing matches.
   * @throws PrometheusError when the expression is wrong.
   */
  async query(expression: string, signal?: AbortSignal): Promise<Sample[]> {
    const answer = instant.parse(await this.#get('query', { query: expression }, signal));
    if (answer.resultType === 'scalar') return [{ labels: {}, value: numberOf(answer.result[1]) }];
    return answer.result.map(({ metric, value }) => ({ labels: metric, value: numberOf(value[1]) }));
  }

  /** Everything that is scraped, and whether that worked the last time. */
  async targets(signal?: AbortSignal): Promise<ScrapeTarget[]> {
    return targetList.parse(await this.#get('targets', { state: 'active' }, signal)).activeTargets;
  }

  /** Alerts whose condition holds: `pending` until it has held as long as the rule says, then `firing`. */
  async alerts(signal?: AbortSignal): Promise<Alert[]> {
    return alertList.parse(await this.#get('alerts', {}, signal)).alerts;
  }

  /** Names of the alerts that fire, each once, sorted. */
  async firing(signal?: AbortSignal): Promise<string[]> {
    const names = (await this.alerts(signal)).flatMap(({ state, labels }) =>
      state === 'firing' ? [labels.alertname ?? ''] : [],
    );
    return [...new Set(names)].sort();
  }

  /**
   * Waits until `job` has at least `atLeast` targets and all of them could be scraped.
   * @throws Error naming the targets that are down, with the reasons.
   */
  async waitForTargets(
    { job, atLeast = 1 }: { job: string; atLeast?: number },
    { timeoutMs, signal }: { timeoutMs: number; signal?: AbortSignal },
  ): Promise<ScrapeTarget[]> {
    let found: ScrapeTarget[] = [];
    const allUp = async () => {
      found = (await this.targets(signal)).filter(({ scrapePool }) => scrapePool === job);
      const problem = targetProblem(found, atLeast);
      if (problem !== undefined) throw new Error(problem);
      return true;
    };
    const every = { timeoutMs, everyMs: 250, ...(signal === undefined ? {} : { signal }) };
    await waitUntil(`Prometheus scrapes ${job}`, allUp, every);
    return found;
  }

  async #get(path: string, query: Record<string, string>, signal?: AbortSignal): Promise<unknown> {
    const limit = AbortSignal.timeout(answersWithinMs);
    const response = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(query).toString()}`, {
      signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    });
    const answer = envelope.parse(await response.json());
    if (answer.status === 'error') throw new PrometheusError(answer.errorType, answer.error);
    return answer.data;
  }
}

/** Why a job is not scraped as it should be; undefined when it is. Pure. */
export function targetProblem(found: readonly ScrapeTarget[], atLeast: number): string | undefined {
  if (found.length < atLeast) return `it has ${String(found.length)} of ${String(atLeast)} targets`;
  const down = found.filter(({ health }) => health !== 'up');
  if (down.length === 0) return undefined;
  return down
    .map(({ scrapeUrl, lastError }) => `${scrapeUrl}: ${lastError === '' ? 'not scraped yet' : lastError}`)
    .join('; ');
}

/** As Prometheus writes numbers. */
function numberOf(text: string): number {
  const infinity = /^([+-]?)Inf$/.exec(text);
  if (infinity !== null) return infinity[1] === '-' ? -Infinity : Infinity;
  return Number(text);
}
