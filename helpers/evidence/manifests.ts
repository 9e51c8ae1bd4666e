import { stringify } from 'yaml';
import type { AppliedFact } from '../deliverables/facts.ts';
import { strategyName } from '../planning/text.ts';
import type { Executed } from './sources.ts';

type Applied = AppliedFact[string];

/** The manifests as kubectl handed them to the API server. Kinds that were not applied have no file. */
export function manifestFiles(main: Executed | undefined, blueGreen: Executed | undefined): [string, string][] {
  const of = (executed: Executed | undefined, selects: (kind: string) => boolean) =>
    Object.values(executed?.applied ?? {}).filter(({ kind }) => selects(kind));
  const own = ['Deployment', 'HorizontalPodAutoscaler'];
  return [
    ...file(
      'deployment.yaml',
      main,
      of(main, (kind) => kind === 'Deployment'),
    ),
    // With weights, calls go through the objects of the mesh; they are told where the Services are.
    ...file(
      'service.yaml',
      main,
      of(main, (kind) => !own.includes(kind)),
    ),
    ...file(
      'hpa.yaml',
      main,
      of(main, (kind) => kind === 'HorizontalPodAutoscaler'),
    ),
    ...file(
      'blue-green.yaml',
      blueGreen,
      of(blueGreen, () => true),
    ),
  ];
}

function file(name: string, executed: Executed | undefined, objects: readonly Applied[]): [string, string][] {
  if (executed === undefined || objects.length === 0) return [];
  const { experiment, delivered } = executed;
  const about = `# As applied by kubectl in ${experiment}, strategy ${strategyName(delivered.strategy)}; without the namespace, which was the trial's.`;
  const documents = objects.map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }));
  return [[`manifests/${name}`, `${about}\n${documents.join('---\n')}`]];
}
