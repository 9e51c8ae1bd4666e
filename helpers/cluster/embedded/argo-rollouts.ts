import { join } from 'node:path';
import { applyObjects } from '../../kubernetes/apply.ts';
import { Kube } from '../../kubernetes/kube.ts';
import type { KubeObject } from '../../kubernetes/resources.ts';
import { waitUntil } from '../../wait.ts';
import { argoRolloutsIsReady } from '../argo-rollouts.ts';
import { deploymentIsReady } from '../workloads.ts';
import { ensurePart } from './build.ts';
import { contentTag, pushImage, registryOf } from './images.ts';
import type { OnDemandPart } from './on-demand.ts';
import { objectsInFile, split, withImages } from './upstream.ts';

/** The one that its own manifest binds its rights to. */
const namespace = 'argo-rollouts';
const name = 'argo-rollouts';
/** The controller starts within seconds; in ms, with room for a busy machine. */
const readyWithinMs = 120_000;

/** Argo Rollouts: the controller of canaries and blue-green that analyse themselves. */
export const argoRollouts: OnDemandPart = {
  expectedSeconds: { cold: 480, warm: 10 },

  async prepare({ options, progress }) {
    await ensurePart('argo-rollouts', { cacheFolder: options.cacheFolder, progress });
  },

  async install({ access, options, progress }) {
    const folder = await ensurePart('argo-rollouts', { cacheFolder: options.cacheFolder, progress });
    const { registry, crane } = registryOf(access);
    const command = 'rollouts-controller';
    const image = {
      name: 'seatrial/argo-rollouts',
      tag: contentTag(folder),
      files: { [`/bin/${command}`]: join(folder, command) },
      entrypoint: `/bin/${command}`,
      user: '999:999',
    };
    const images = { 'quay.io/argoproj/argo-rollouts': await pushImage(registry, crane, image, progress) };
    const kube = Kube.connect(access);
    const objects = argoObjects(objectsInFile(join(folder, 'install.yaml')), images);
    const [crds = [], rest = []] = split(objects, ({ kind }) => kind === 'CustomResourceDefinition');
    await applyObjects(kube, [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      ...crds,
      ...rest,
    ]);
    const limit = { timeoutMs: readyWithinMs, everyMs: 100 };
    await waitUntil(
      'the controller of Argo Rollouts is ready',
      () => deploymentIsReady(kube, { namespace, name }),
      limit,
    );
    await waitUntil('Argo Rollouts is ready', () => argoRolloutsIsReady(kube), limit);
    return {};
  },
};

/** Kinds of its manifest that lie in a namespace: it leaves out which. */
const namespaced = ['ServiceAccount', 'ConfigMap', 'Secret', 'Service', 'Deployment', 'Role', 'RoleBinding'];

/** The project's own manifest in its namespace, with our image. Pure. */
export function argoObjects(objects: readonly KubeObject[], images: Readonly<Record<string, string>>): KubeObject[] {
  return withImages(objects, images).map((object) =>
    namespaced.includes(object.kind ?? '') ? { ...object, metadata: { ...object.metadata, namespace } } : object,
  );
}
