import type { Sample } from '../target/model/samples.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';
import { predictPort } from '../target/model/serving.ts';
import type { Serving, ServingProtocol } from '../target/model/serving.ts';
import { inferRequest } from './kserve.ts';
import { restRequest } from './rest.ts';
import { predictRequest } from './tensorflow/predict.ts';
import type { Fields } from './tensors.ts';
import { torchserveRequest } from './torchserve.ts';

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
  switch (serving.protocol) {
    case 'rest':
      return restRequest(serving, instances, batch);
    case 'torchserve':
      return torchserveRequest(serving, instances, batch);
    case 'kserve-v2':
      return predictPort(serving) === 'http' ? inferRequest(serving, instances) : undefined;
    case 'tensorflow-grpc':
      return { path: 'Predict', body: predictRequest(serving, instances) };
  }
}
