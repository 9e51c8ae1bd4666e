import { expect, test } from '@playwright/test';
import { loadSync } from '@grpc/proto-loader';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import fc from 'fast-check';
import { EncodingError, ServingError } from '../../../../helpers/serving/errors.ts';
import { size } from '../../../../helpers/serving/tensors.ts';
import type { Datatype, Tensor } from '../../../../helpers/serving/tensors.ts';
import { fromProto, tensorProto, toProto } from '../../../../helpers/serving/tensorflow/wire.ts';
import { datatypes, scalarOf, shapes } from './arbitraries.ts';

const definition = loadSync('helpers/serving/tensorflow/serving.proto', {
  keepCase: true,
  longs: String,
  enums: String,
  defaults: true,
});
const message = definition['tensorflow.serving.TensorProto'] as MessageTypeDefinition<object, object>;

/** What a server would read, or send, byte by byte. */
function overTheWire(proto: object): Tensor {
  return fromProto('x', tensorProto.parse(message.deserialize(message.serialize(proto))));
}

const WRITERS: Partial<
  Record<Datatype, [dtype: string, bytes: number, write: (view: DataView, value: never) => void]>
> = {
  FP32: [
    'DT_FLOAT',
    4,
    (view, value) => {
      view.setFloat32(0, value, true);
    },
  ],
  FP64: [
    'DT_DOUBLE',
    8,
    (view, value) => {
      view.setFloat64(0, value, true);
    },
  ],
  INT8: [
    'DT_INT8',
    1,
    (view, value) => {
      view.setInt8(0, value);
    },
  ],
  UINT8: [
    'DT_UINT8',
    1,
    (view, value) => {
      view.setUint8(0, value);
    },
  ],
  INT16: [
    'DT_INT16',
    2,
    (view, value) => {
      view.setInt16(0, value, true);
    },
  ],
  UINT16: [
    'DT_UINT16',
    2,
    (view, value) => {
      view.setUint16(0, value, true);
    },
  ],
  INT32: [
    'DT_INT32',
    4,
    (view, value) => {
      view.setInt32(0, value, true);
    },
  ],
  UINT32: [
    'DT_UINT32',
    4,
    (view, value) => {
      view.setUint32(0, value, true);
    },
  ],
  INT64: [
    'DT_INT64',
    8,
    (view, value) => {
      view.setBigInt64(0, BigInt(value), true);
    },
  ],
  UINT64: [
    'DT_UINT64',
    8,
    (view, value) => {
      view.setBigUint64(0, BigInt(value), true);
    },
  ],
  BOOL: [
    'DT_BOOL',
    1,
    (view, value) => {
      view.setUint8(0, Number(value));
    },
  ],
};

function tensors(datatype: Datatype): fc.Arbitrary<Tensor> {
  return shapes.chain((shape) =>
    fc
      .array(scalarOf(datatype), { minLength: size(shape), maxLength: size(shape) })
      .map((data) => ({ name: 'x', datatype, shape, data })),
  );
}

test.describe("TensorFlow's tensors", { tag: '@static' }, () => {
  for (const datatype of datatypes.filter((type) => type !== 'FP16')) {
    test(`should come back over the wire as they were: ${datatype}`, () => {
      fc.assert(
        fc.property(tensors(datatype), (tensor) => {
          expect(overTheWire(toProto(tensor))).toEqual(tensor);
        }),
      );
    });
  }

  for (const [datatype, [dtype, bytes, write]] of Object.entries(WRITERS)) {
    test(`should be read from bytes in little-endian order: ${datatype}`, () => {
      fc.assert(
        fc.property(tensors(datatype as Datatype), (tensor) => {
          const content = Buffer.concat(
            tensor.data.map((value) => {
              const buffer = Buffer.alloc(bytes);
              write(new DataView(buffer.buffer, buffer.byteOffset, bytes), value as never);
              return buffer;
            }),
          );
          const dim = tensor.shape.map((length) => ({ size: length }));
          expect(overTheWire({ dtype, tensor_shape: { dim }, tensor_content: content })).toEqual(tensor);
        }),
      );
    });
  }

  test('should take the last value for all that are left out', () => {
    const proto = { dtype: 'DT_FLOAT', tensor_shape: { dim: [{ size: 2 }, { size: 2 }] }, float_val: [1, 2] };
    expect(overTheWire(proto).data).toEqual([1, 2, 2, 2]);
  });

  test('should be read in half precision, and not sent so', () => {
    const bits: [number, number][] = [
      [0x3c00, 1],
      [0xc000, -2],
      [0x0001, 2 ** -24],
      [0x7bff, 65_504],
      [0x7c00, Infinity],
      [0x8000, -0],
    ];
    const half_val = bits.map(([word]) => word);
    const proto = { dtype: 'DT_HALF', tensor_shape: { dim: [{ size: bits.length }] }, half_val };
    expect(overTheWire(proto).data).toEqual(bits.map(([, value]) => value));
    expect(() => toProto({ name: 'x', datatype: 'FP16', shape: [1], data: [1] })).toThrow(EncodingError);
  });

  const floats = (change: object) => ({ dtype: 'DT_FLOAT', tensor_shape: { dim: [{ size: 2 }] }, ...change });
  const broken: [what: string, proto: object][] = [
    ['of a type that no declaration can name', { dtype: 'DT_INVALID', float_val: [1] }],
    ['without any value', floats({})],
    ['with more values than its shape has', floats({ float_val: [1, 2, 3] })],
    ['with bytes that do not fit', floats({ tensor_content: Buffer.alloc(7) })],
    ['with a length that is not known', floats({ tensor_shape: { dim: [{ size: -1 }] }, float_val: [1] })],
  ];
  for (const [what, proto] of broken) {
    test(`should be malformed ${what}`, () => {
      expect(() => overTheWire(proto)).toThrow(ServingError);
    });
  }
});
