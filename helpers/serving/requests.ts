import type { Sample } from '../target/model/samples.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';
import { predictPort } from '../target/model/serving.ts';
import type { Serving, ServingProtocol } from '../target/model/serving.ts';
import { requestOf } from './json-predictions.ts';
import { predictRequest } from './tensorflow/predict.ts';
import { encodeBatch } from './tensors.ts';
import type { Fields } from './tensors.ts';

/** What the answer to one request has to say of each of its instances. */
type Expectation = Pick<Sample, 'name' | 'expected' | 'tolerance'>;

/** A prediction that is asked for again and again. Plain data: it travels to other processes as JSON. */
export interface AskedPrediction extends PredictRequest {
  /** Of the sample, or of all of them. */
  name: string;
  protocol: ServingProtocol;
  /** One for each instance, in their order. */
  expected: readonly Expectation[];
  batch: boolean;
  /** What the model gives, where answers are tensors and the target declares it. */
  outputs?: NonNullable<Serving['outputs']>;
}

/** What is sent. */
export interface PredictRequest {
  /** Of HTTP; the method of gRPC. */
  path: string;
  /** JSON of HTTP; the message of gRPC. */
  body: unknown;
}

type Asked = Pick<ModelDeclaration, 'serving' | 'samples'>;

/** The declared samples as they are asked one by one; none where no client speaks the protocol over the declared ports. */
export function predictionsOf({ serving, samples }: Asked): AskedPrediction[] {
  return samples.flatMap((sample) => askedFor(serving, sample.name, [sample], false) ?? []);
}

/** All samples in one request, as far as the server takes so many; undefined where `predictionsOf` is empty. */
export function batchOf({ serving, samples }: Asked): AskedPrediction | undefined {
  const some = samples.slice(0, serving.maxBatch);
  return some.length === 0 ? undefined : askedFor(serving, `${String(some.length)} samples`, some, true);
}

function askedFor(
  serving: Serving,
  name: string,
  samples: readonly Sample[],
  batch: boolean,
): AskedPrediction | undefined {
  const inputs = samples.map(({ input }) => input);
  const request = predictRequestOf(serving, inputs, batch);
  if (request === undefined) return undefined;
  const { protocol, outputs } = serving;
  return { name, protocol, ...request, expected: samples, batch, ...(outputs === undefined ? {} : { outputs }) };
}

/**
 * How instances are asked for in the declared protocol; undefined where no client speaks it over the declared ports.
 * @throws EncodingError when an instance cannot be written down as the declared tensors.
 */
export function predictRequestOf(
  serving: Serving,
  instances: readonly Fields[],
  batch: boolean,
): PredictRequest | undefined {
  const { protocol, model, paths, inputs = [] } = serving;
  switch (protocol) {
    case 'rest':
      return { path: batch ? paths.batchPredict : paths.predict, body: requestOf(instances, batch) };
    case 'torchserve':
      return { path: `/predictions/${model}`, body: requestOf(instances, batch) };
    case 'kserve-v2':
      if (predictPort(serving) !== 'http') return undefined;
      return {
        path: `/v2/models/${model}/infer`,
        body: { inputs: inputs.map((input) => encodeBatch(input, instances)) },
      };
    case 'tensorflow-grpc':
      return { path: 'Predict', body: predictRequest(serving, instances) };
  }
}
