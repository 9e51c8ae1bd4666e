import { z } from 'zod';
import type { TensorValue } from '../target/model/samples.ts';
import { bodyAs } from './json-http.ts';
import type { JsonAnswer } from './json-http.ts';
import { isTensorValue } from './tensors.ts';
import type { Fields } from './tensors.ts';
import type { Predictions } from './types.ts';

const value = z.custom<TensorValue>(isTensorValue, 'must be a number, a text, true or false, or a list of them');
const fields = z.record(z.string(), value);
const version = z.object({ model_version: z.string() });

/** `prediction` holds the fields, or is one of them. */
const single = z.union([
  z.object({ prediction: fields }).transform(({ prediction }) => prediction),
  fields.transform(({ model_version: _, ...beside }) => beside),
]);
const several = z.object({ predictions: z.array(fields) });

/** Of servers whose version does not stand in the answer itself. */
export const VERSION_HEADER = 'x-model-version';

/**
 * The request of servers that have a JSON of their own: an instance is an object of its fields. In a batch, an instance of a single field is
 * the value of that field, as TensorFlow Serving's REST interface has it.
 */
export function requestOf(instances: readonly Fields[], batch: boolean): unknown {
  if (!batch) return instances[0];
  return {
    instances: instances.map((instance) => {
      const [only, ...more] = Object.values(instance);
      return only === undefined || more.length > 0 ? instance : only;
    }),
  };
}

/** What such a server answers. @throws ServingError when it is something else. */
export function predictionsIn(answer: JsonAnswer, batch: boolean): Predictions {
  const told = versionIn(answer);
  const predictions = batch ? bodyAs(several, answer, told).predictions : [bodyAs(single, answer, told)];
  return { predictions, version: told };
}

/** The version that an answer says it is of, that of an error too. */
export function versionIn({ body, headers }: JsonAnswer): string | undefined {
  return version.safeParse(body).data?.model_version ?? headers.get(VERSION_HEADER) ?? undefined;
}
