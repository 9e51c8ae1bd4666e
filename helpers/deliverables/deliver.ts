import { join } from 'node:path';
import { stringify } from 'yaml';
import { imageTag } from '../images/build.ts';
import { planFor } from '../planning/plan.ts';
import { isArgoStrategy } from '../target/model/engines.ts';
import type { Engine } from '../target/model/engines.ts';
import type { ModelDeclaration, ModelTarget, Strategy } from '../target/model/schema.ts';
import type { ImageLocations } from '../target/placeholders.ts';
import { argoManifests } from './argo/manifests.ts';
import { argoDeployScript } from './argo/script.ts';
import { plannedRollout } from './argo/timing.ts';
import { MANIFEST } from './commands.ts';
import { healthCheckConfig } from './health-checks.ts';
import { manifestsOf } from './manifests.ts';
import type { Manifests } from './manifests.ts';
import { rollbackPlan } from './rollback-plan.ts';
import { deployScript } from './script.ts';
import { servingConfig } from './serving-config.ts';

/** A file that is to be written. */
export interface Deliverable {
  name: string;
  content: string;
  executable: boolean;
}

/** By whom a strategy is carried out where one of them is asked for: what Argo Rollouts does not know, Kubernetes does. */
export function engineFor(strategy: Strategy, engine: Engine): Engine {
  return isArgoStrategy(strategy) ? engine : 'kubernetes';
}

/** The manifests for whoever carries the strategy out, as it is planned. */
function manifestsFor(model: ModelDeclaration, strategy: Strategy, images: ImageLocations, engine: Engine): Manifests {
  if (engine === 'kubernetes' || !isArgoStrategy(strategy)) return manifestsOf(model, strategy, images);
  const prometheus = model.analysis?.prometheus ?? '';
  return argoManifests(model, { strategy, plan: planFor(model, strategy), timing: plannedRollout, images, prometheus });
}

/**
 * The six deliverables of the protocol, from the declaration alone. Pure: the same declaration and images give the same bytes.
 * @param images where the images of the target are; see `imagesIn`.
 */
export function deliverables(
  model: ModelDeclaration,
  images: ImageLocations,
  strategy: Strategy = model.strategy,
  wanted: Engine = 'kubernetes',
): Deliverable[] {
  const engine = engineFor(strategy, wanted);
  const { base, stable, candidate, autoscaler, entry } = manifestsFor(model, strategy, images, engine);
  const plan = planFor(model, strategy);
  const about = `Model ${model.name}, strategy ${strategy}. Written by \`seatrial deliver\` from target.yaml: change that, and write this anew.`;
  const file = (name: string, content: string, executable = false): Deliverable => ({ name, content, executable });
  return [
    file(MANIFEST, yaml(about, [...base, ...stable, ...candidate, ...autoscaler])),
    file('serving-config.json', `${JSON.stringify(servingConfig(model, strategy, images), undefined, 2)}\n`),
    file('rollback-plan.md', rollbackPlan(model, plan, engine)),
    file('health-checks.yaml', yaml(about, [healthCheckConfig(model)])),
    file('load-balancer.yaml', yaml(about, entry)),
    file('deploy.sh', engine === 'kubernetes' ? deployScript(model, plan) : argoDeployScript(model, plan), true),
  ];
}

/**
 * Where the images that the target builds will be, by the tags that their recipes give.
 * @param registry host and path, e.g. `registry.example.com/models`; undefined for images that the nodes have already.
 */
export function imagesIn(
  { images, folder }: Pick<ModelTarget, 'images' | 'folder'>,
  registry?: string,
): ImageLocations {
  return Object.fromEntries(
    images.map(({ name, context }) => [
      name,
      {
        repository: registry === undefined ? name : `${registry.replace(/\/$/, '')}/${name}`,
        tag: imageTag(join(folder, context)),
      },
    ]),
  );
}

function yaml(about: string, documents: readonly object[]): string {
  // Long lines stay whole, and no value is an alias of another: people read this, and change it by hand.
  const texts = documents.map((document) => stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }));
  return `# ${about}\n${texts.join('---\n')}`;
}
