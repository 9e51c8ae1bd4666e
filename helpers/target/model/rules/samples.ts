import type { Path } from '../../../config/document.ts';
import { didYouMean } from '../../../config/suggest.ts';
import type { Inconsistency } from '../../consistency.ts';
import type { TensorValue } from '../samples.ts';
import type { ModelDeclaration } from '../schema.ts';

type Tensor = NonNullable<ModelDeclaration['serving']['inputs']>[number];

/** Whether samples hold what can be sent and compared, in the shape that the model takes. */
export function sampleRules({ samples, serving: { inputs, outputs } }: ModelDeclaration): Inconsistency[] {
  return samples.flatMap(({ input, expected }, index) =>
    (['input', 'expected'] as const).flatMap((part) => {
      const path = ['samples', index, part];
      const fields = part === 'input' ? input : expected;
      const malformed = Object.entries(fields).flatMap(([name, value]) => valueRules(value, [...path, name]));
      if (Object.keys(fields).length === 0) return [empty(path, part)];
      if (malformed.length > 0) return malformed;
      return tensorRules(fields, part === 'input' ? inputs : outputs, path, part === 'input');
    }),
  );
}

function empty(path: Path, part: string): Inconsistency {
  return { path, what: `"${part}" holds nothing`, fix: 'add at least one field with its value' };
}

/** Nothing but finite numbers, texts, true or false, and lists of them. */
function valueRules(value: unknown, path: Path): Inconsistency[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => valueRules(item, [...path, index]));
  if (typeof value === 'number' ? Number.isFinite(value) : ['string', 'boolean'].includes(typeof value)) return [];
  return [
    {
      path,
      what: 'A prediction is asked with finite numbers, texts, true or false, and lists of them',
      fix: 'write such a value; what a server does with anything else is tried by the trial itself',
    },
  ];
}

function tensorRules(
  fields: Readonly<Record<string, TensorValue>>,
  tensors: readonly Tensor[] | undefined,
  path: Path,
  complete: boolean,
): Inconsistency[] {
  if (tensors === undefined) return [];
  const names = tensors.map(({ name }) => name);
  const missing = complete ? names.filter((name) => !(name in fields)) : [];
  return [
    ...missing.map((name) => ({ path, what: `The tensor "${name}" is missing`, fix: `add "${name}:"` })),
    ...Object.entries(fields).flatMap(([name, value]) => {
      const tensor = tensors.find((candidate) => candidate.name === name);
      const at = [...path, name];
      if (tensor === undefined) {
        return [
          {
            path: at,
            what: `The model has no tensor "${name}"`,
            fix: didYouMean(name, names) ?? `use ${names.join(', ')}`,
          },
        ];
      }
      if (fits(value, tensor.shape)) return [];
      return [
        {
          path: at,
          what: `The value does not have the shape [${tensor.shape.join(', ')}] of one instance of "${name}"`,
          fix: 'write one instance, without the batch',
        },
      ];
    }),
  ];
}

function fits(value: TensorValue, [length, ...rest]: readonly number[]): boolean {
  if (length === undefined) return !Array.isArray(value);
  if (!Array.isArray(value) || (length !== -1 && value.length !== length)) return false;
  return value.every((item) => fits(item, rest));
}
