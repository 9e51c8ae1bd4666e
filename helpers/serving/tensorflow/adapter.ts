import { z } from 'zod';
import type { Serving } from '../../target/model/serving.ts';
import { decodeBatch, encodeBatch } from '../tensors.ts';
import type { ServingAdapter } from '../types.ts';
import { TensorflowCalls } from './calls.ts';
import { fromProto, tensorProto, toProto } from './wire.ts';

const predicted = z.object({
  outputs: z.record(z.string(), tensorProto),
  model_spec: z.object({ version: z.object({ value: z.string() }).nullable() }).nullable(),
});
const statuses = z.object({ model_version_status: z.array(z.object({ version: z.string(), state: z.string() })) });

/** TensorFlow Serving over gRPC: every server of that interface, the official tensorflow/serving among them. */
export function tensorflowAdapter(
  { model, signature, inputs = [], outputs }: Pick<Serving, 'model' | 'signature' | 'inputs' | 'outputs'>,
  address: string,
): ServingAdapter {
  const calls = new TensorflowCalls(address);
  /** Versions of the model with their states, the newest first. */
  const versions = async (deadlineMs: number) => {
    const request = { model_spec: { name: model } };
    const { model_version_status: all } = await calls.call('GetModelStatus', request, statuses, deadlineMs);
    return all.toSorted((one, other) => Number(BigInt(other.version) - BigInt(one.version)));
  };
  return {
    async ask(instances, _batch, deadlineMs) {
      const tensors = inputs.map((input) => [input.name, toProto(encodeBatch(input, instances))]);
      const request = {
        model_spec: { name: model, signature_name: signature },
        inputs: Object.fromEntries(tensors) as Record<string, object>,
      };
      const answer = await calls.call('Predict', request, predicted, deadlineMs);
      const found = Object.entries(answer.outputs).map(([name, proto]) => fromProto(name, proto));
      return {
        predictions: decodeBatch(found, instances.length, outputs),
        version: answer.model_spec?.version?.value,
      };
    },
    async readiness(deadlineMs) {
      const all = await versions(deadlineMs);
      if (all.some(({ state }) => state === 'AVAILABLE')) return { ready: true };
      const told = all.map(({ version, state }) => `version ${version} is ${state}`).join(', ');
      return { ready: false, reason: told || 'the server has no version of the model' };
    },
    async fingerprint(deadlineMs) {
      const available = (await versions(deadlineMs)).filter(({ state }) => state === 'AVAILABLE');
      return { version: available[0]?.version };
    },
    close: () => {
      calls.close();
    },
  };
}
