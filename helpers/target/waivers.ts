import { didYouMean } from '../config/suggest.ts';
import { catalogue } from '../verdict/checks/index.ts';
import type { Inconsistency } from './consistency.ts';
import type { TargetDeclaration } from './schema.ts';

/** A reason why a check does not apply helps nothing when there is no such check: the one that was meant would go on to judge. */
export function unknownWaivers({ notApplicable }: Pick<TargetDeclaration, 'notApplicable'>): Inconsistency[] {
  const ids = catalogue.map(({ id }) => id);
  return Object.keys(notApplicable).flatMap((id) => {
    if (ids.includes(id)) return [];
    const kin = ids.filter((known) => known.split('.')[0] === id.split('.')[0]);
    return [
      {
        path: ['notApplicable', id],
        what: `There is no check "${id}"`,
        fix: didYouMean(id, ids) ?? `use one of ${(kin.length === 0 ? ids : kin).join(', ')}`,
      },
    ];
  });
}
