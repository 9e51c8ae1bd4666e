import { z } from 'zod';
import type { Serving } from '../target/model/serving.ts';
import type { ServedModel } from './client.ts';
import { askJson, httpError } from './json-http.ts';
import { predictionsIn, requestOf, versionIn } from './json-predictions.ts';
import type { Fields } from './tensors.ts';
import type { ServingAdapter } from './types.ts';

const digest = z.object({ model_digest: z.string() });

/** Where readiness is asked when no probe of HTTP says otherwise. */
const READY = '/ready';

/** JSON over HTTP, as model servers of one's own speak it. */
export function restAdapter({ serving, healthChecks: { readiness } }: ServedModel, address: string): ServingAdapter {
  const ready = `http://${address}${'path' in readiness ? readiness.path : READY}`;
  return {
    async ask(instances, batch, deadlineMs) {
      const { path, body } = restRequest(serving, instances, batch);
      const answer = await askJson(`http://${address}${path}`, deadlineMs, body);
      if (answer.status !== 200) throw httpError(answer, { version: versionIn(answer) });
      return predictionsIn(answer, batch);
    },
    async readiness(deadlineMs) {
      const answer = await askJson(ready, deadlineMs);
      return answer.status < 400 ? { ready: true } : { ready: false, reason: httpError(answer).message };
    },
    async fingerprint(deadlineMs) {
      const answer = await askJson(ready, deadlineMs);
      if (answer.status >= 400) throw httpError(answer, { version: versionIn(answer) });
      return { version: versionIn(answer), digest: digest.safeParse(answer.body).data?.model_digest };
    },
    close: () => undefined,
  };
}

/** How a server of one's own is asked, for one instance or several. */
export function restRequest({ paths }: Pick<Serving, 'paths'>, instances: readonly Fields[], batch: boolean) {
  return { path: batch ? paths.batchPredict : paths.predict, body: requestOf(instances, batch) };
}
