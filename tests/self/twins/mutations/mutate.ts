import type { Manifest, Rendering } from './rendered.ts';

/** Picks one of several by chance. */
export type Chance = <T>(of: readonly T[]) => T;

/** A kind of mutation of rendered charts. */
export interface MutationKind {
  name: string;
  what: string;
  mutate: (rendering: Rendering, chance: Chance) => void;
}

/** What the declared architecture is about: other objects of the charts are not looked at. */
const COMPONENTS = ['gateway', 'custom-server'];

/**
 * A mutation of an object of one kind, the same in both renderings.
 * @param of names of the objects, of which chance picks one.
 */
export function ofObject(
  kind: string,
  name: string,
  what: string,
  // The spec is what the kind has there: whoever mutates it knows.
  mutate: (spec: never, chance: Chance) => unknown,
  of: readonly string[] = COMPONENTS,
): MutationKind {
  return {
    name,
    what,
    mutate: ({ before, after }, chance) => {
      const chosen = chance(namesOf(kind, before, of));
      // Chance is asked once: what it says of the one rendering, it says of the other.
      const picked: unknown[] = [];
      const asked: Chance = (choices) => {
        const one = chance(choices);
        picked.push(one);
        return one;
      };
      const repeated: Chance = () => picked.shift() as never;
      mutate(find(before, kind, chosen)?.spec as never, asked);
      mutate(find(after, kind, chosen)?.spec as never, repeated);
    },
  };
}

/** One object of a kind is not there. */
export function gone(kind: string, name: string, what: string): MutationKind {
  return {
    name,
    what,
    mutate: ({ before, after }, chance) => {
      const chosen = chance(namesOf(kind, before, COMPONENTS));
      for (const objects of [before, after]) {
        const object = find(objects, kind, chosen);
        if (object !== undefined) objects.splice(objects.indexOf(object), 1);
      }
    },
  };
}

/** The pods of a Deployment, to be mutated. */
export function templateOf(object: Manifest | undefined): object {
  return (object?.spec as { template: object }).template;
}

function find(objects: readonly Manifest[], wanted: string, name: string | undefined): Manifest | undefined {
  return objects.find(({ kind, metadata }) => kind === wanted && metadata?.name === name);
}

function namesOf(wanted: string, objects: readonly Manifest[], of: readonly string[]): (string | undefined)[] {
  const names = objects.filter(({ kind }) => kind === wanted).map(({ metadata }) => metadata?.name);
  return names.filter((name) => of.includes(name ?? ''));
}
