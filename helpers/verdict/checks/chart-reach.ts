import { z } from 'zod';
import { all, check, everyRelease, fail, inconclusive, ofStep, pass } from '../finding.ts';

const reach = z.object({
  map: z.string(),
  workload: z.string(),
  how: z.enum(['environment', 'subPath']),
  value: z.string().optional(),
  replaced: z.boolean().optional(),
  unknown: z.string().optional(),
});

/** Whether a change of a value gets further than the ConfigMap. */
export const changesReachPods = check({
  id: 'chart.changes-reach-pods',
  title: 'A changed value replaces the pods that read it at their start alone',
  expected:
    'another pod template for each workload with environment variables or subPath mounts of a changed ConfigMap',
  experiment: 'chart.static',
  reason:
    'https://helm.sh/docs/howto/charts_tips_and_tricks/#automatically-roll-deployments: else helm upgrade is green, and nothing has happened.',
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofStep(history, `reach.${release}`, ({ detail }, evidence) => {
        const { reaches } = z.object({ reaches: z.array(reach) }).parse(detail);
        if (reaches.length === 0) return pass(`no pod of ${release} reads a ConfigMap at its start alone`, evidence);
        return all(
          reaches.map(({ map, workload, how, value, replaced, unknown }) => {
            const reads = `${workload} reads ConfigMap/${map} at its start (${how})`;
            if (unknown !== undefined) return inconclusive(`${reads}, and no other value was taken: ${unknown}`);
            if (value === undefined) return pass(`${reads}, and no value changes it`, evidence);
            return replaced === true
              ? pass(`${reads}, and is replaced when ${value} changes it`, evidence)
              : fail(`${reads}, and stays as it is when ${value} changes it`, evidence);
          }),
          'nothing was changed',
        );
      }),
    ),
});
