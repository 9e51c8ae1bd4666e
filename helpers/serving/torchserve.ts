import { z } from 'zod';
import type { Serving } from '../target/model/serving.ts';
import { askJson, bodyAs, failureOf, httpError } from './json-http.ts';
import type { JsonAnswer } from './json-http.ts';
import { predictionsIn, requestOf, versionIn } from './json-predictions.ts';
import type { Fields } from './tensors.ts';
import type { ServingAdapter } from './types.ts';

const error = z.object({ type: z.string() });
const description = z
  .array(
    z.object({ modelVersion: z.string(), minWorkers: z.number(), workers: z.array(z.object({ status: z.string() })) }),
  )
  .min(1);

/**
 * TorchServe's inference and management interfaces. What a request and an answer hold is up to the model's handler: it is taken to speak the
 * same JSON as servers of one's own, and has to say the version itself, since TorchServe does not.
 */
export function torchserveAdapter(
  { model }: Pick<Serving, 'model'>,
  { inference, management }: { inference: string; management: string },
): ServingAdapter {
  const describe = async (deadlineMs: number) => {
    const answer = await askJson(`http://${management}/models/${model}`, deadlineMs);
    if (answer.status !== 200) throw httpError(answer);
    return bodyAs(description, answer);
  };
  return {
    async ask(instances, batch, deadlineMs) {
      const { path, body } = torchserveRequest({ model }, instances, batch);
      const answer = await askJson(`http://${inference}${path}`, deadlineMs, body);
      if (answer.status !== 200) throw httpError(answer, { failure: failureIn(answer), version: versionIn(answer) });
      return predictionsIn(answer, batch);
    },
    /** By the state of the workers: the server's own /ping is content before the first of them can predict. */
    async readiness(deadlineMs) {
      const [{ minWorkers, workers } = { minWorkers: 1, workers: [] }] = await describe(deadlineMs);
      const ready = workers.filter(({ status }) => status === 'READY').length;
      const needed = Math.max(minWorkers, 1);
      if (ready >= needed) return { ready: true };
      return { ready: false, reason: `${String(ready)} of ${String(needed)} workers are ready` };
    },
    async fingerprint(deadlineMs) {
      return { version: (await describe(deadlineMs))[0]?.modelVersion };
    },
    close: () => undefined,
  };
}

/** How TorchServe is asked, for one instance or several. */
export function torchserveRequest({ model }: Pick<Serving, 'model'>, instances: readonly Fields[], batch: boolean) {
  return { path: `/predictions/${model}`, body: requestOf(instances, batch) };
}

/** A handler that fails is answered with 503, as is a model without workers: only the type tells them apart. */
function failureIn({ status, body }: JsonAnswer) {
  return error.safeParse(body).data?.type === 'InternalServerException' ? 'failed' : failureOf(status);
}
