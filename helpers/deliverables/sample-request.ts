import { predictRequestOf } from '../serving/requests.ts';
import type { PredictRequest } from '../serving/requests.ts';
import type { Sample } from '../target/model/samples.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';

/** How one sample is asked over HTTP; undefined where the protocol has no HTTP. */
export function sampleRequest(
  { serving }: Pick<ModelDeclaration, 'serving'>,
  { input }: Pick<Sample, 'input'>,
): PredictRequest | undefined {
  return serving.protocol === 'tensorflow-grpc' ? undefined : predictRequestOf(serving, [input], false);
}
