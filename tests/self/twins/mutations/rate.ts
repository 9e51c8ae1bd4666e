import fc from 'fast-check';
import { anyField } from './any-field.ts';
import { redIn } from './judge.ts';
import { kinds } from './kinds.ts';
import type { Chance, MutationKind } from './mutate.ts';
import type { Rendering } from './rendered.ts';

/** The same mutants on every machine and every day: another seed is another sample. */
const SEED = 20_261_121;
/** Choices that a mutation makes at most. */
const CHOICES = 12;

export interface KillRate {
  kind: string;
  what: string;
  mutants: number;
  killed: number;
  /** Checks that turned red, the most frequent first. */
  by: string[];
}

/** Of each declared kind of mutation: how many of as many random mutants are found by what manifests alone tell. */
export function declaredRates(rendering: Rendering, mutants: number): KillRate[] {
  return kinds.map((kind) => rateOf(kind, rendering, mutants));
}

/** What nobody declared: one field of one object, whichever it is, taken away. */
export function undeclaredRate(rendering: Rendering, mutants: number): KillRate {
  return rateOf(anyField, rendering, mutants);
}

function rateOf({ name, what, mutate }: MutationKind, rendering: Rendering, mutants: number): KillRate {
  const choices = fc.array(fc.nat(), { minLength: CHOICES, maxLength: CHOICES });
  const verdicts = fc.sample(choices, { seed: SEED, numRuns: mutants }).map((numbers) => {
    const mutant = structuredClone(rendering);
    mutate(mutant, chanceOf(numbers));
    return judged(mutant);
  });
  const red = Map.groupBy(verdicts.flat(), (id) => id);
  return {
    kind: name,
    what,
    mutants,
    killed: verdicts.filter((ids) => ids.length > 0).length,
    by: [...red].toSorted(([, one], [, other]) => other.length - one.length).map(([id]) => id),
  };
}

/** A check that breaks is inconclusive, which is red. */
function judged(mutant: Rendering): string[] {
  try {
    return redIn(mutant);
  } catch {
    return ['cannot be read'];
  }
}

function chanceOf(numbers: readonly number[]): Chance {
  let next = 0;
  return (of) => {
    const picked = of[(numbers[next++ % numbers.length] ?? 0) % of.length];
    // A mutation that has nothing to choose from would be none; undefined may be a choice.
    if (of.length === 0) throw new Error('there is nothing to choose from');
    return picked as (typeof of)[number];
  };
}
