import { z } from 'zod';
import type { ServedModel } from './client.ts';
import { askJson, httpError } from './json-http.ts';
import { predictionsIn, requestOf, versionIn } from './json-predictions.ts';
import type { ServingAdapter } from './types.ts';

const digest = z.object({ model_digest: z.string() });

/** Where readiness is asked when no probe of HTTP says otherwise. */
const READY = '/ready';

/** JSON over HTTP, as model servers of one's own speak it. */
export function restAdapter({ serving, healthChecks: { readiness } }: ServedModel, address: string): ServingAdapter {
  const { predict, batchPredict } = serving.paths;
  const ready = `http://${address}${'path' in readiness ? readiness.path : READY}`;
  return {
    async ask(instances, batch, deadlineMs) {
      const url = `http://${address}${batch ? batchPredict : predict}`;
      const answer = await askJson(url, deadlineMs, requestOf(instances, batch));
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
