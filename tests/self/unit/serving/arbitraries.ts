import fc from 'fast-check';
import type { Datatype, Scalar } from '../../../../helpers/serving/tensors.ts';
import type { TensorValue } from '../../../../helpers/target/model/samples.ts';

const SCALARS: Readonly<Record<Datatype, fc.Arbitrary<Scalar>>> = {
  BOOL: fc.boolean(),
  BYTES: fc.string({ unit: 'binary' }),
  UINT8: fc.integer({ min: 0, max: 255 }),
  UINT16: fc.integer({ min: 0, max: 65_535 }),
  UINT32: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  UINT64: fc.maxSafeNat(),
  INT8: fc.integer({ min: -128, max: 127 }),
  INT16: fc.integer({ min: -32_768, max: 32_767 }),
  INT32: fc.integer(),
  INT64: fc.maxSafeInteger(),
  FP16: fc.constantFrom(0, 1, -2, 0.5, 65_504, 2 ** -24, Infinity, -Infinity),
  FP32: fc.float(),
  FP64: fc.double(),
};

export const datatypes = Object.keys(SCALARS) as Datatype[];

/** Any type of tensor. */
export const typed = fc.constantFrom(...datatypes);

/** Shape of one instance. */
export const shapes = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 3 });

export function scalarOf(datatype: Datatype): fc.Arbitrary<Scalar> {
  return SCALARS[datatype];
}

/** Values nested to a shape. */
export function nested(scalar: fc.Arbitrary<Scalar>, [length, ...rest]: readonly number[]): fc.Arbitrary<TensorValue> {
  if (length === undefined) return scalar;
  return fc.array(nested(scalar, rest), { minLength: length, maxLength: length });
}
