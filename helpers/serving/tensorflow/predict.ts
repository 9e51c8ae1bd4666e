import { z } from 'zod';
import type { Serving } from '../../target/model/serving.ts';
import { decodeBatch, encodeBatch } from '../tensors.ts';
import type { Fields } from '../tensors.ts';
import type { Predictions } from '../types.ts';
import type { TensorflowCalls } from './calls.ts';
import { fromProto, tensorProto, toProto } from './wire.ts';

const predicted = z.object({
  outputs: z.record(z.string(), tensorProto),
  model_spec: z.object({ version: z.object({ value: z.string() }).nullable() }).nullable(),
});

/** The PredictRequest for some instances, as plain data. @throws EncodingError when an instance does not fit the declared inputs. */
export function predictRequest(
  { model, signature, inputs = [] }: Pick<Serving, 'model' | 'signature' | 'inputs'>,
  instances: readonly Fields[],
): object {
  const tensors = inputs.map((input) => [input.name, toProto(encodeBatch(input, instances))]);
  return {
    model_spec: { name: model, signature_name: signature },
    inputs: Object.fromEntries(tensors) as Record<string, object>,
  };
}

/** Asks for predictions of `count` instances. @throws ServingError when they are not given. */
export async function predict(
  calls: TensorflowCalls,
  request: object,
  { count, outputs, deadlineMs }: { count: number; outputs: Serving['outputs']; deadlineMs: number },
): Promise<Predictions> {
  const answer = await calls.call('Predict', request, predicted, deadlineMs);
  const found = Object.entries(answer.outputs).map(([name, proto]) => fromProto(name, proto));
  return { predictions: decodeBatch(found, count, outputs), version: answer.model_spec?.version?.value };
}
