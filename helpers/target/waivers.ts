import { didYouMean } from '../config/suggest.ts';
import { argoChecks, catalogue } from '../verdict/checks/index.ts';
import type { Inconsistency } from './consistency.ts';
import type { ModelDeclaration } from './model/schema.ts';
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

/**
 * What does not apply: for the reasons that the target gives, and what is about an engine that it does not name. The engines are declared, so
 * that nobody has to write a reason for each check on the others.
 */
export function waiversOf({
  engines,
  notApplicable,
}: Pick<ModelDeclaration, 'engines' | 'notApplicable'>): Record<string, string> {
  if (engines.includes('argo-rollouts')) return notApplicable;
  const reason = `The target declares under "engines": ${engines.join(', ')}.`;
  const unused = Object.values(argoChecks).flat();
  return { ...Object.fromEntries(unused.map(({ id }) => [id, reason])), ...notApplicable };
}
