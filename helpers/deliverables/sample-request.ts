import type { Sample } from '../target/model/samples.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';

/** A prediction over HTTP. */
export interface SampleRequest {
  path: string;
  body: unknown;
}

/** How one sample is asked over HTTP; undefined where the protocol has no HTTP. */
export function sampleRequest(
  { serving }: Pick<ModelDeclaration, 'serving'>,
  { input }: Sample,
): SampleRequest | undefined {
  switch (serving.protocol) {
    case 'rest':
      return { path: serving.paths.predict, body: input };
    case 'torchserve':
      return { path: `/predictions/${serving.model}`, body: input };
    case 'kserve-v2':
      if (serving.ports.http === undefined) return undefined;
      return {
        path: `/v2/models/${serving.model}/infer`,
        body: {
          inputs: (serving.inputs ?? []).map(({ name, datatype, shape }) => ({
            name,
            datatype,
            shape: [1, ...shape],
            data: [input[name]],
          })),
        },
      };
    case 'tensorflow-grpc':
      return undefined;
  }
}
