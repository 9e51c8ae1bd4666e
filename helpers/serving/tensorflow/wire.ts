import { z } from 'zod';
import { EncodingError, ServingError } from '../errors.ts';
import { size } from '../tensors.ts';
import type { Datatype, Scalar, Tensor } from '../tensors.ts';

const int64 = z.string().transform(Number).pipe(z.int());

/** NaN and the infinities are values of a tensor as any other. */
const float = z.custom<number>((value) => typeof value === 'number');

/** A TensorProto as it comes off the wire, with 64-bit integers as text. */
export const tensorProto = z.object({
  dtype: z.string(),
  tensor_shape: z.object({ dim: z.array(z.object({ size: int64 })) }).nullable(),
  tensor_content: z.instanceof(Buffer),
  float_val: z.array(float),
  double_val: z.array(float),
  int_val: z.array(z.number()),
  string_val: z.array(z.instanceof(Buffer)),
  int64_val: z.array(int64),
  bool_val: z.array(z.boolean()),
  half_val: z.array(z.number()),
  uint32_val: z.array(z.number()),
  uint64_val: z.array(int64),
});

type TensorProto = z.infer<typeof tensorProto>;

type Field = Exclude<keyof TensorProto, 'dtype' | 'tensor_shape' | 'tensor_content'>;

interface Type {
  dtype: string;
  /** Field of single values. */
  field: Field;
  /** Bytes of a value in `tensor_content`; strings cannot stand there. */
  bytes: number;
  read?: (view: DataView, at: number) => Scalar;
}

const TYPES: Readonly<Record<Datatype, Type>> = {
  BOOL: { dtype: 'DT_BOOL', field: 'bool_val', bytes: 1, read: (view, at) => view.getUint8(at) !== 0 },
  UINT8: { dtype: 'DT_UINT8', field: 'int_val', bytes: 1, read: (view, at) => view.getUint8(at) },
  UINT16: { dtype: 'DT_UINT16', field: 'int_val', bytes: 2, read: (view, at) => view.getUint16(at, true) },
  UINT32: { dtype: 'DT_UINT32', field: 'uint32_val', bytes: 4, read: (view, at) => view.getUint32(at, true) },
  UINT64: {
    dtype: 'DT_UINT64',
    field: 'uint64_val',
    bytes: 8,
    read: (view, at) => Number(view.getBigUint64(at, true)),
  },
  INT8: { dtype: 'DT_INT8', field: 'int_val', bytes: 1, read: (view, at) => view.getInt8(at) },
  INT16: { dtype: 'DT_INT16', field: 'int_val', bytes: 2, read: (view, at) => view.getInt16(at, true) },
  INT32: { dtype: 'DT_INT32', field: 'int_val', bytes: 4, read: (view, at) => view.getInt32(at, true) },
  INT64: { dtype: 'DT_INT64', field: 'int64_val', bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  FP16: { dtype: 'DT_HALF', field: 'half_val', bytes: 2, read: (view, at) => halfFrom(view.getUint16(at, true)) },
  FP32: { dtype: 'DT_FLOAT', field: 'float_val', bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  FP64: { dtype: 'DT_DOUBLE', field: 'double_val', bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  BYTES: { dtype: 'DT_STRING', field: 'string_val', bytes: 0 },
};

/** A tensor as a message of plain data; values stand in the field of their type, texts in base64. @throws EncodingError for a type that cannot be sent so. */
export function toProto({ name, datatype, shape, data }: Tensor): object {
  const { dtype, field } = TYPES[datatype];
  if (datatype === 'FP16') throw new EncodingError(`"${name}" is FP16, which is read and not sent: declare FP32`);
  return {
    dtype,
    tensor_shape: { dim: shape.map((length) => ({ size: length })) },
    [field]: datatype === 'BYTES' ? data.map((text) => Buffer.from(String(text)).toString('base64')) : data,
  };
}

/** The type that a message names; undefined for one that no declaration can name. */
export function datatypeOf(dtype: string): Datatype | undefined {
  return (Object.keys(TYPES) as Datatype[]).find((datatype) => TYPES[datatype].dtype === dtype);
}

/** @throws ServingError when the message is no tensor that makes sense. */
export function fromProto(name: string, proto: TensorProto): Tensor {
  const datatype = datatypeOf(proto.dtype);
  if (datatype === undefined) throw malformed(name, `is of type ${proto.dtype}, which no declaration can name`);
  const shape = (proto.tensor_shape?.dim ?? []).map((dimension) => dimension.size);
  if (shape.some((length) => length < 0)) throw malformed(name, 'has no definite shape');
  return { name, datatype, shape, data: valuesOf(name, proto, TYPES[datatype], size(shape)) };
}

function valuesOf(name: string, proto: TensorProto, { field, bytes, read }: Type, count: number): Scalar[] {
  const content = proto.tensor_content;
  if (content.length > 0 && read !== undefined) {
    if (content.length !== count * bytes) {
      throw malformed(name, `has ${String(content.length)} bytes for ${String(count)} values`);
    }
    const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
    return Array.from({ length: count }, (_, index) => read(view, index * bytes));
  }
  const values = proto[field].map((value) => scalarOf(field, value));
  const last = values.at(-1);
  if (values.length > count || (last === undefined && count > 0)) {
    throw malformed(name, `has ${String(values.length)} values in a shape of ${String(count)}`);
  }
  // The last value stands for all that are left out.
  return last === undefined ? [] : [...values, ...Array.from({ length: count - values.length }, () => last)];
}

function scalarOf(field: Field, value: Scalar | Buffer): Scalar {
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return field === 'half_val' ? halfFrom(Number(value)) : value;
}

/** The number whose 16 bits these are. */
function halfFrom(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

function malformed(name: string, what: string): ServingError {
  return new ServingError('malformed', `output "${name}" ${what}`);
}
