import { z } from 'zod';
import type { Serving } from '../../target/model/serving.ts';
import { ServingError } from '../errors.ts';
import type { DeclaredTensor } from '../tensors.ts';
import { TensorflowCalls, unpack } from './calls.ts';
import { datatypeOf } from './wire.ts';

/** What a model takes and gives, as it says itself. */
export interface Signature {
  inputs: DeclaredTensor[];
  outputs: DeclaredTensor[];
}

const tensors = z.record(
  z.string(),
  z.object({
    dtype: z.string(),
    tensor_shape: z.object({ dim: z.array(z.object({ size: z.string() })) }).nullable(),
  }),
);
const metadata = z.object({ metadata: z.record(z.string(), z.object({ value: z.instanceof(Buffer) })) });
const signatures = z.object({ signature_def: z.record(z.string(), z.object({ inputs: tensors, outputs: tensors })) });

/**
 * The declared signature of the model, read from the server: shapes are those of one instance, without the batch.
 * @throws ServingError when the server does not tell it.
 */
export async function signatureOf(
  { model, signature, deadlineMs }: Pick<Serving, 'model' | 'signature' | 'deadlineMs'>,
  address: string,
): Promise<Signature> {
  const calls = new TensorflowCalls(address);
  try {
    const request = { model_spec: { name: model }, metadata_field: ['signature_def'] };
    const told = (await calls.call('GetModelMetadata', request, metadata, deadlineMs)).metadata.signature_def;
    const all = told === undefined ? {} : signatures.parse(unpack('SignatureDefMap', told.value)).signature_def;
    const found = all[signature];
    if (found === undefined) throw new ServingError('malformed', `the model tells no signature "${signature}"`);
    return { inputs: declared(found.inputs), outputs: declared(found.outputs) };
  } finally {
    calls.close();
  }
}

function declared(infos: z.infer<typeof tensors>): DeclaredTensor[] {
  return Object.entries(infos)
    .map(([name, { dtype, tensor_shape }]) => {
      const datatype = datatypeOf(dtype);
      if (datatype === undefined) throw new ServingError('malformed', `"${name}" is of type ${dtype}`);
      return { name, datatype, shape: (tensor_shape?.dim ?? []).slice(1).map(({ size }) => Number(size)) };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
