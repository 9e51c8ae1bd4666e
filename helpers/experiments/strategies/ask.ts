import { HttpMethod } from '@kubernetes/client-node';
import { KubeError } from '../../kubernetes/kube.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Outcome } from '../../mcp/outcome.ts';
import { messageOf } from '../../errors.ts';
import { outcomeOfAnswer, predictionsOf } from '../../serving/predictions.ts';
import type { AskedPrediction } from '../../serving/predictions.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import { predictPort } from '../../target/model/serving.ts';

/** How a sample was predicted. */
export interface AskedSample {
  name: string;
  outcome: Outcome['outcome'];
  version?: string;
  error?: string;
}

/** Asks every sample at where users enter. */
export function askAtEntry(target: ModelTarget, url: string): Promise<AskedSample[]> {
  const { deadlineMs } = target.serving;
  return askAll(target, async ({ path, body }) => {
    const response = await fetch(new URL(path, url), {
      method: 'POST',
      // Who is asked is who serves now, not who was met before.
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(deadlineMs),
    });
    return { httpStatus: response.status, text: await response.text(), headers: response.headers };
  });
}

/** Asks every sample of one Service directly, past the way that users take: by way of the API server, as `deploy.sh` does. */
export function askService(target: ModelTarget, kube: Kube, service: string): Promise<AskedSample[]> {
  const at = kube.path(kinds.service, { name: `${service}:${predictPort(target.serving)}`, subresource: 'proxy' });
  return askAll(target, async ({ path, body }) => {
    try {
      const answer = await kube.request<unknown>(`${at}${path}`, { method: HttpMethod.POST, body });
      return { httpStatus: 200, text: JSON.stringify(answer) };
    } catch (thrown) {
      if (thrown instanceof KubeError) return { httpStatus: thrown.status, text: thrown.message };
      throw thrown;
    }
  });
}

async function askAll(
  target: ModelTarget,
  ask: (prediction: AskedPrediction) => Promise<{ httpStatus: number; text: string }>,
): Promise<AskedSample[]> {
  const asked: AskedSample[] = [];
  for (const prediction of predictionsOf(target)) {
    const { outcome, error, servedBy } = await ask(prediction).then(
      (answer) => outcomeOfAnswer(prediction, answer),
      (thrown: unknown): Outcome => ({ outcome: 'network-error', error: messageOf(thrown) }),
    );
    asked.push({
      name: prediction.name,
      outcome,
      ...(servedBy?.version === undefined ? {} : { version: servedBy.version }),
      ...(error === undefined ? {} : { error }),
    });
  }
  return asked;
}
