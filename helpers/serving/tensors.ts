import type { TensorValue } from '../target/model/samples.ts';
import type { Serving } from '../target/model/serving.ts';
import { EncodingError, ServingError } from './errors.ts';

export type DeclaredTensor = NonNullable<Serving['inputs']>[number];
export type Datatype = DeclaredTensor['datatype'];
export type Scalar = string | number | boolean;

/** A tensor in row-major order. */
export interface Tensor {
  name: string;
  datatype: Datatype;
  shape: readonly number[];
  data: readonly Scalar[];
}

/** One instance, or what is said of one: a value for each field. */
export type Fields = Readonly<Record<string, TensorValue>>;

/** Bits of the integer types; the unsigned ones begin at zero. */
const INTEGERS: Partial<Record<Datatype, { bits: number; signed: boolean }>> = {
  UINT8: { bits: 8, signed: false },
  UINT16: { bits: 16, signed: false },
  UINT32: { bits: 32, signed: false },
  UINT64: { bits: 64, signed: false },
  INT8: { bits: 8, signed: true },
  INT16: { bits: 16, signed: true },
  INT32: { bits: 32, signed: true },
  INT64: { bits: 64, signed: true },
};

/** Whether `value` is one that a tensor of the type can hold. Integers are exact up to 2^53. */
export function isScalarOf(datatype: Datatype, value: unknown): boolean {
  if (datatype === 'BOOL') return typeof value === 'boolean';
  if (datatype === 'BYTES') return typeof value === 'string';
  const integer = INTEGERS[datatype];
  if (integer === undefined) return typeof value === 'number';
  if (!Number.isSafeInteger(value)) return false;
  const number = value as number;
  const half = 2 ** (integer.bits - 1);
  return integer.signed ? number >= -half && number < half : number >= 0 && number < half * 2;
}

/**
 * The instances as one tensor, its first dimension being their number. The shape is that of the values: one that the model does not take reaches
 * the server, whose business it is to refuse it.
 * @throws EncodingError when the values are no tensor of that type.
 */
export function encodeBatch({ name, datatype, shape }: DeclaredTensor, instances: readonly Fields[]): Tensor {
  const values = instances.map((instance) => {
    const value = instance[name];
    if (value === undefined) throw new EncodingError(`an instance has no "${name}"`);
    return value;
  });
  const data: Scalar[] = [];
  const own = values.length === 0 ? shape.map((length) => Math.max(length, 0)) : dimensions(values).slice(1);
  collect(values, [values.length, ...own], name, data);
  const wrong = data.find((value) => !isScalarOf(datatype, value));
  if (wrong !== undefined) throw new EncodingError(`"${name}" holds ${JSON.stringify(wrong)}, which is no ${datatype}`);
  return { name, datatype, shape: [values.length, ...own], data };
}

export function isTensorValue(value: unknown): value is TensorValue {
  return Array.isArray(value) ? value.every(isTensorValue) : ['string', 'number', 'boolean'].includes(typeof value);
}

/** Lengths of nested lists, by the first element of each. */
function dimensions(value: TensorValue): number[] {
  if (!Array.isArray(value)) return [];
  const [first] = value;
  return [value.length, ...(first === undefined ? [] : dimensions(first))];
}

function collect(value: TensorValue, [length, ...rest]: readonly number[], name: string, into: Scalar[]): void {
  if (length === undefined) {
    if (Array.isArray(value)) throw new EncodingError(`"${name}" is not of one shape`);
    into.push(value);
    return;
  }
  if (!Array.isArray(value) || value.length !== length) throw new EncodingError(`"${name}" is not of one shape`);
  for (const item of value) collect(item, rest, name, into);
}

/** The flat values as nested lists; a tensor without dimensions is a value alone. */
function nest(data: readonly Scalar[], shape: readonly number[]): TensorValue {
  const [length, ...rest] = shape;
  if (length === undefined) return data[0] ?? [];
  const step = size(rest);
  return Array.from({ length }, (_, index) => nest(data.slice(index * step, (index + 1) * step), rest));
}

/** Number of values in a tensor of this shape. */
export function size(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * What the output tensors say of each of `count` instances.
 * @param declared outputs that must be there, in the type and shape that is declared.
 * @throws ServingError when they say something else, or nothing, of some instance.
 */
export function decodeBatch(
  outputs: readonly Tensor[],
  count: number,
  declared: readonly DeclaredTensor[] | undefined,
): Fields[] {
  const mistakes = [...outputs.flatMap((tensor) => mistakesIn(tensor, count)), ...undeclared(outputs, declared ?? [])];
  if (mistakes.length > 0) throw new ServingError('malformed', mistakes.join('; '));
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(
      outputs.map(({ name, data, shape: [, ...rest] }) => {
        const step = size(rest);
        return [name, nest(data.slice(index * step, (index + 1) * step), rest)];
      }),
    ),
  );
}

function mistakesIn({ name, datatype, shape, data }: Tensor, count: number): string[] {
  if (shape[0] !== count) return [`output "${name}" has the shape [${shape.join(', ')}] for ${count} instances`];
  if (data.length !== size(shape)) {
    return [`output "${name}" has ${data.length} values in the shape [${shape.join(', ')}]`];
  }
  return data.every((value) => isScalarOf(datatype, value)) ? [] : [`output "${name}" holds what is no ${datatype}`];
}

function undeclared(outputs: readonly Tensor[], declared: readonly DeclaredTensor[]): string[] {
  return declared.flatMap(({ name, datatype, shape }) => {
    const output = outputs.find((one) => one.name === name);
    if (output === undefined) return [`output "${name}" is declared and not there`];
    if (output.datatype !== datatype) return [`output "${name}" is ${output.datatype} and declared as ${datatype}`];
    const own = output.shape.slice(1);
    const fits = own.length === shape.length && shape.every((length, at) => length === -1 || length === own[at]);
    return fits ? [] : [`an instance of output "${name}" is [${own.join(', ')}] and declared as [${shape.join(', ')}]`];
  });
}
