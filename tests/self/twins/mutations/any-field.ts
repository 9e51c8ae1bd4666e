import type { MutationKind } from './mutate.ts';
import type { Manifest } from './rendered.ts';

type Path = (string | number)[];

/** What a cluster would refuse at once, or what no two installations have alike. */
const NO_FIELDS = ['apiVersion', 'kind', 'metadata'];

/** One field of one object, whichever it is, taken away, in both renderings. Many such mutants change nothing that anybody would notice. */
export const anyField: MutationKind = {
  name: 'any-field',
  what: 'one field of one object, whichever it is, is not there',
  mutate: ({ before, after }, chance) => {
    const at = chance(before.map((_, index) => index).filter((index) => pathsIn(before[index]).length > 0));
    const chosen = before[at];
    const path = chance(pathsIn(chosen));
    const twin = after.find(({ kind, metadata }) => kind === chosen?.kind && metadata?.name === chosen?.metadata?.name);
    for (const object of [chosen, twin]) remove(object, path);
  },
};

function pathsIn(object: Manifest | undefined): Path[] {
  const fields = Object.entries(object ?? {}).filter(([key]) => !NO_FIELDS.includes(key));
  return fields.flatMap(([key, value]) => [[key], ...below(value, [key])]);
}

function below(value: unknown, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, inner]) => [[...path, key], ...below(inner, [...path, key])]);
}

function remove(object: unknown, path: Path): void {
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((node, key) => (node as Record<string | number, unknown>)[key], object);
  const last = path.at(-1) ?? '';
  if (Array.isArray(holder)) holder.splice(Number(last), 1);
  else Reflect.deleteProperty(holder as object, last);
}
