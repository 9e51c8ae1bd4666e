import { bring } from '../support/bring.ts';
import { ABOUT, keyOf, supportIn } from '../support/recorded.ts';
import type { RecordedSupport, Section, Sections } from '../support/recorded.ts';
import { check, inconclusive } from './finding.ts';
import type { Check, Finding } from './types.ts';

/** Stands before everything that was seen in made-up facts. */
const SAMPLE = 'sample data: ';

/** The facts, with the sections that are asked for. */
export type Facts<S extends Section> = RecordedSupport & Pick<Sections, S>;

/**
 * Declares a check on facts about support. It is inconclusive, and says which facts to bring, where a section is missing that it
 * needs; what it says of made-up facts is marked as such.
 * @param definition.needs sections without which there is nothing to judge; the first one carries the evidence.
 */
export function supportCheck<S extends Section>(
  definition: Omit<Check, 'experiment' | 'evaluate'> & {
    needs: readonly [S, ...S[]];
    find: (facts: Facts<S>) => Finding;
  },
): Check {
  const { needs, find, ...stated } = definition;
  return check({
    ...stated,
    experiment: 'support.facts',
    evaluate: (history) => {
      const facts = supportIn(history);
      if (facts === undefined) return inconclusive(`the fact ${ABOUT} was not recorded`);
      const missing = needs.filter((section) => facts[section] === undefined);
      const record = history.factRecord(keyOf(needs[0]));
      const finding =
        missing.length > 0 || record === undefined
          ? inconclusive(bring(missing, facts.declared))
          : find(facts as Facts<S>);
      return {
        verdict: finding.verdict,
        seen: facts.sample ? `${SAMPLE}${finding.seen}` : finding.seen,
        ...(record === undefined || finding.verdict === 'inconclusive'
          ? {}
          : { evidence: [history.reference(record)] }),
      };
    },
  });
}
