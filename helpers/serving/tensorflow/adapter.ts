import { z } from 'zod';
import type { Serving } from '../../target/model/serving.ts';
import type { ServingAdapter } from '../types.ts';
import { TensorflowCalls } from './calls.ts';
import { predict, predictRequest } from './predict.ts';

const statuses = z.object({ model_version_status: z.array(z.object({ version: z.string(), state: z.string() })) });

/** TensorFlow Serving over gRPC: every server of that interface, the official tensorflow/serving among them. */
export function tensorflowAdapter(
  serving: Pick<Serving, 'model' | 'signature' | 'inputs' | 'outputs'>,
  address: string,
): ServingAdapter {
  const { model, outputs } = serving;
  const calls = new TensorflowCalls(address);
  /** Versions of the model with their states, the newest first. */
  const versions = async (deadlineMs: number) => {
    const request = { model_spec: { name: model } };
    const { model_version_status: all } = await calls.call('GetModelStatus', request, statuses, deadlineMs);
    return all.toSorted((one, other) => Number(BigInt(other.version) - BigInt(one.version)));
  };
  return {
    ask: (instances, _batch, deadlineMs) =>
      predict(calls, predictRequest(serving, instances), { count: instances.length, outputs, deadlineMs }),
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
