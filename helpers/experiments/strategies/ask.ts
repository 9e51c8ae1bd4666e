import { HttpMethod } from '@kubernetes/client-node';
import { KubeError } from '../../kubernetes/kube.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Outcome } from '../../mcp/outcome.ts';
import { messageOf } from '../../errors.ts';
import { ask } from '../../serving/ask.ts';
import { outcomeOfAnswer } from '../../serving/predictions.ts';
import { predictionsOf } from '../../serving/requests.ts';
import type { AskedPrediction } from '../../serving/requests.ts';
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
  return askAll(target, (prediction) => ask(prediction, url, { deadlineMs, fresh: true }));
}

/**
 * Asks every sample of one Service directly, past the way that users take: by way of the API server, as `deploy.sh` does. None where the
 * protocol is gRPC, which the API server does not pass on.
 */
export async function askService(target: ModelTarget, kube: Kube, service: string): Promise<AskedSample[]> {
  if (target.serving.protocol === 'tensorflow-grpc') return [];
  const at = kube.path(kinds.service, { name: `${service}:${predictPort(target.serving)}`, subresource: 'proxy' });
  return askAll(target, async (prediction) => {
    const { path, body } = prediction;
    try {
      const answer = await kube.request<unknown>(`${at}${path}`, { method: HttpMethod.POST, body });
      return outcomeOfAnswer(prediction, { httpStatus: 200, text: JSON.stringify(answer) });
    } catch (thrown) {
      if (thrown instanceof KubeError)
        return outcomeOfAnswer(prediction, { httpStatus: thrown.status, text: thrown.message });
      return { outcome: 'network-error', error: messageOf(thrown) };
    }
  });
}

async function askAll(
  target: ModelTarget,
  one: (prediction: AskedPrediction) => Promise<Outcome>,
): Promise<AskedSample[]> {
  const asked: AskedSample[] = [];
  for (const prediction of predictionsOf(target)) {
    const { outcome, error, servedBy } = await one(prediction);
    asked.push({
      name: prediction.name,
      outcome,
      ...(servedBy?.version === undefined ? {} : { version: servedBy.version }),
      ...(error === undefined ? {} : { error }),
    });
  }
  return asked;
}
