import { z } from 'zod';
import type { Serving } from '../target/model/serving.ts';
import { ServingError } from './errors.ts';
import { askJson, bodyAs, httpError } from './json-http.ts';
import type { JsonAnswer } from './json-http.ts';
import { decodeBatch, encodeBatch } from './tensors.ts';
import type { Datatype, Fields, Scalar, Tensor } from './tensors.ts';
import type { Predictions, ServingAdapter } from './types.ts';

const DATATYPES = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'FP32',
  'FP64',
  'BYTES',
] as const satisfies Datatype[];

const inference = z.object({
  model_version: z.string().optional(),
  outputs: z.array(
    z.object({
      name: z.string(),
      datatype: z.enum(DATATYPES),
      shape: z.array(z.int().min(0)),
      // Values in binary behind the JSON are an extension; who does not ask for it does not get it.
      data: z.array(z.unknown()),
    }),
  ),
});
const metadata = z.object({ versions: z.array(z.string()).default([]) });

/** Open Inference Protocol v2 over HTTP: KServe, Triton, MLServer, OpenVINO Model Server. */
export function kserveAdapter(
  { model, inputs, outputs }: Pick<Serving, 'model' | 'inputs' | 'outputs'>,
  address: string,
): ServingAdapter {
  const url = `http://${address}${pathOf(model)}`;
  return {
    async ask(instances, _batch, deadlineMs) {
      const { path, body } = inferRequest({ model, inputs }, instances);
      const answer = await askJson(`http://${address}${path}`, deadlineMs, body);
      if (answer.status !== 200) throw httpError(answer);
      return inferenceIn(answer, instances.length, outputs);
    },
    async readiness(deadlineMs) {
      const answer = await askJson(`${url}/ready`, deadlineMs);
      return answer.status === 200 ? { ready: true } : { ready: false, reason: httpError(answer).message };
    },
    async fingerprint(deadlineMs) {
      const answer = await askJson(url, deadlineMs);
      if (answer.status !== 200) throw httpError(answer);
      const { versions } = bodyAs(metadata, answer);
      // Of several, one cannot know which answers.
      return { version: versions.length === 1 ? versions[0] : undefined };
    },
    close: () => undefined,
  };
}

/** How such a server is asked. @throws EncodingError when an instance does not fit the declared inputs. */
export function inferRequest({ model, inputs = [] }: Pick<Serving, 'model' | 'inputs'>, instances: readonly Fields[]) {
  return { path: `${pathOf(model)}/infer`, body: { inputs: inputs.map((input) => encodeBatch(input, instances)) } };
}

function pathOf(model: string): string {
  return `/v2/models/${model}`;
}

/** What a server of that protocol answers to `count` instances. @throws ServingError when it is something else. */
export function inferenceIn(answer: JsonAnswer, count: number, outputs: Serving['outputs']): Predictions {
  const { model_version: version, outputs: found } = bodyAs(inference, answer);
  return { predictions: decodeBatch(found.map(flat), count, outputs), version };
}

/** Values may come flat or nested. @throws ServingError when they are neither. */
function flat({ name, datatype, shape, data }: z.infer<typeof inference>['outputs'][number]): Tensor {
  const values = data.flat(Infinity) as Scalar[];
  if (data.some(Array.isArray) && data.length !== shape[0]) {
    throw new ServingError('malformed', `output "${name}" is not nested as its shape says`);
  }
  return { name, datatype, shape, data: values };
}
