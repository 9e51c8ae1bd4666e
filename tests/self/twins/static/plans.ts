import type { Patch, Twin } from '../twin.ts';

const file = 'target.yaml';

function onPlan(
  name: string,
  defect: string,
  patch: Omit<Extract<Patch, { set: unknown }>, 'file'>,
  red: Twin['red'],
): Twin {
  return { name, defect, target: 'fastapi-iris', experiment: 'model.plan', patches: [{ file, ...patch }], red };
}

/** The bundled model with one defect each in what is declared about its rollout. */
export const planTwins: readonly Twin[] = [
  onPlan(
    'requirement-left-open',
    'nobody has said whether two versions shall be compared',
    { set: { 'requirements.compareVariants': undefined } },
    { 'plan.requirements-are-assessed': /^fail: 1 requirements not stated: compareVariants/ },
  ),
  onPlan(
    'recreate-without-downtime',
    'the strategy ends all replicas at once, though the model must answer throughout',
    { set: { strategy: 'recreate', canaryPercentage: undefined } },
    { 'plan.strategy-fits-requirements': /^fail: Recreate/i },
  ),
];
