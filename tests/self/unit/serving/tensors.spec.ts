import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { EncodingError, ServingError } from '../../../../helpers/serving/errors.ts';
import { decodeBatch, encodeBatch, isScalarOf, size } from '../../../../helpers/serving/tensors.ts';
import type { DeclaredTensor, Tensor } from '../../../../helpers/serving/tensors.ts';
import { nested, scalarOf, shapes, typed } from './arbitraries.ts';

const features: DeclaredTensor = { name: 'features', datatype: 'FP32', shape: [4] };

test.describe('instances as tensors', { tag: '@static' }, () => {
  test('should come back as they were, whatever their type and shape', () => {
    const batches = fc
      .tuple(typed, shapes)
      .chain(([datatype, shape]) =>
        fc.tuple(
          fc.constant<DeclaredTensor>({ name: 'x', datatype, shape }),
          fc.array(nested(scalarOf(datatype), shape), { minLength: 1, maxLength: 4 }),
        ),
      );
    fc.assert(
      fc.property(batches, ([declared, values]) => {
        const instances = values.map((x) => ({ x }));
        const tensor = encodeBatch(declared, instances);
        expect(tensor.shape).toEqual([values.length, ...declared.shape]);
        expect(tensor.data).toHaveLength(size(tensor.shape));
        expect(decodeBatch([tensor], values.length, [declared])).toEqual(instances);
      }),
    );
  });

  test('should keep a shape that the model does not take, since that is for the server to refuse', () => {
    expect(encodeBatch(features, [{ features: [1, 2] }])).toMatchObject({ shape: [1, 2], data: [1, 2] });
    expect(encodeBatch(features, [{ features: 1 }])).toMatchObject({ shape: [1], data: [1] });
    expect(encodeBatch(features, [])).toMatchObject({ shape: [0, 4], data: [] });
  });

  const impossible: [what: string, declared: Partial<DeclaredTensor>, instances: Record<string, never>[] | object[]][] =
    [
      ['lists of different lengths', {}, [{ features: [1, 2] }, { features: [1] }]],
      ['a list beside a number', {}, [{ features: [1, [2]] }]],
      ['a text for a number', {}, [{ features: ['1'] }]],
      ['a fraction for an integer', { datatype: 'INT64' }, [{ features: [1.5] }]],
      ['an integer beyond its bits', { datatype: 'UINT8' }, [{ features: [256] }]],
      ['a negative one without a sign', { datatype: 'UINT32' }, [{ features: [-1] }]],
      ['a field that is not there', {}, [{ other: [1] }]],
    ];
  for (const [what, declared, instances] of impossible) {
    test(`should be impossible with ${what}`, () => {
      const encode = () => encodeBatch({ ...features, ...declared }, instances as never);
      expect(encode).toThrow(EncodingError);
    });
  }

  test('should hold integers up to the last of their bits', () => {
    expect([127, 128, -128, -129].map((value) => isScalarOf('INT8', value))).toEqual([true, false, true, false]);
    expect([2 ** 32 - 1, 2 ** 32].map((value) => isScalarOf('UINT32', value))).toEqual([true, false]);
    expect([2 ** 53 - 1, 2 ** 53].map((value) => isScalarOf('INT64', value))).toEqual([true, false]);
  });
});

test.describe('answers as tensors', { tag: '@static' }, () => {
  const output: Tensor = { name: 'y', datatype: 'FP32', shape: [2, 1], data: [1, 2] };
  const malformed: [what: string, output: Partial<Tensor>, declared?: DeclaredTensor][] = [
    ['for another number of instances', { shape: [3, 1], data: [1, 2, 3] }],
    ['without a dimension for them', { shape: [], data: [1] }],
    ['with too few values', { data: [1] }],
    ['with too many values', { data: [1, 2, 3] }],
    ['with values of another type', { data: [1, 'a'] }],
    ['of another type than declared', {}, { name: 'y', datatype: 'INT64', shape: [1] }],
    ['of another shape than declared', {}, { name: 'y', datatype: 'FP32', shape: [2] }],
    ['with another rank than declared', {}, { name: 'y', datatype: 'FP32', shape: [] }],
    ['without a declared output', {}, { name: 'z', datatype: 'FP32', shape: [1] }],
  ];
  for (const [what, change, declared] of malformed) {
    test(`should be malformed ${what}`, () => {
      const decode = () => decodeBatch([{ ...output, ...change }], 2, declared && [declared]);
      expect(decode).toThrow(ServingError);
      expect(decode).toThrow(/output "[yz]"/);
    });
  }

  test('should be taken in any length where none is declared', () => {
    const declared: DeclaredTensor = { name: 'y', datatype: 'FP32', shape: [-1] };
    expect(decodeBatch([output], 2, [declared])).toEqual([{ y: [1] }, { y: [2] }]);
  });
});
