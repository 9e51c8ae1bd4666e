import { join } from 'node:path';
import { applyObjects } from '../../kubernetes/apply.ts';
import { HttpMethod } from '@kubernetes/client-node';
import { Kube } from '../../kubernetes/kube.ts';
import type { KubeObject, Resource } from '../../kubernetes/resources.ts';
import { waitUntil } from '../../wait.ts';
import { daemonSetIsReady, deploymentIsReady } from '../workloads.ts';
import { ensurePart } from './build.ts';
import { contentTag, pushImage, registryOf } from './images.ts';
import type { OnDemandPart, PartContext } from './on-demand.ts';
import { objectsInFile, withImages } from './upstream.ts';

const namespace = 'metallb-system';
/** Both commands start within seconds; in ms, with room for a busy machine. */
const readyWithinMs = 120_000;

/** Both kinds are served in this version only, which is not the one that their group prefers. */
const resource = (kind: string, plural: string): Resource => ({
  kind,
  apiVersion: 'metallb.io/v1beta1',
  plural,
  namespaced: true,
});
const addressPools = resource('IPAddressPool', 'ipaddresspools');
const advertisements = resource('L2Advertisement', 'l2advertisements');

/**
 * MetalLB in layer 2 mode: Services of type LoadBalancer get an address of the network that the nodes share with this machine, a
 * node answers for it, and its kube-proxy leads to the pods. When that node is lost another one answers.
 */
export const loadBalancer: OnDemandPart = {
  expectedSeconds: { cold: 180, warm: 15 },

  async prepare({ options, progress }) {
    await ensurePart('metallb', { cacheFolder: options.cacheFolder, progress });
  },

  async install(context) {
    const { access, cluster, options, progress } = context;
    const folder = await ensurePart('metallb', { cacheFolder: options.cacheFolder, progress });
    const images = {
      'quay.io/metallb/controller': await push(context, folder, 'controller'),
      'quay.io/metallb/speaker': await push(context, folder, 'speaker'),
    };
    const kube = Kube.connect(access);
    await applyObjects(kube, metallbObjects(objectsInFile(join(folder, 'manifests/metallb-native.yaml')), images));
    const limit = { timeoutMs: readyWithinMs, everyMs: 100 };
    await waitUntil(
      'MetalLB is ready',
      async () => {
        const [controller, speakers] = await Promise.all([
          deploymentIsReady(kube, { namespace, name: 'controller' }),
          daemonSetIsReady(kube, { namespace, name: 'speaker' }),
        ]);
        return controller && speakers;
      },
      limit,
    );
    const { loadBalancers } = cluster.addresses;
    await put(kube, addressPools, { addresses: [`${loadBalancers[0] ?? ''}-${loadBalancers.at(-1) ?? ''}`] });
    await put(kube, advertisements, { ipAddressPools: ['seatrial'] });
    return { loadBalancers };
  },
};

interface Workload extends KubeObject {
  spec?: { template: { spec: { containers: { args: string[] }[] } } };
}

/**
 * MetalLB's own manifest without the webhooks that check a person's mistakes: the only configuration here is ours, and their
 * certificates would double the time until it works. Pure.
 */
export function metallbObjects(objects: readonly KubeObject[], images: Record<string, string>): KubeObject[] {
  const kept = structuredClone(objects.filter(({ kind }) => kind !== 'ValidatingWebhookConfiguration')) as Workload[];
  for (const { kind, spec } of kept)
    if (kind === 'Deployment')
      for (const container of spec?.template.spec.containers ?? []) container.args.push('--webhook-mode=disabled');
  return withImages(kept, images);
}

function push({ access, progress }: PartContext, folder: string, command: string): Promise<string> {
  const { registry, crane } = registryOf(access);
  const image = {
    name: `seatrial/metallb-${command}`,
    tag: contentTag(folder),
    files: { [`/${command}`]: join(folder, command) },
    entrypoint: `/${command}`,
  };
  return pushImage(registry, crane, image, progress);
}

/** `applyObjects` looks for kinds in the version that a group prefers; these are served in another. */
async function put(kube: Kube, kind: Resource, spec: object): Promise<void> {
  const metadata = { name: 'seatrial', namespace };
  await kube.request(kube.path(kind, metadata), {
    method: HttpMethod.PATCH,
    query: { fieldManager: 'seatrial', force: true },
    contentType: 'application/apply-patch+yaml',
    body: { apiVersion: kind.apiVersion, kind: kind.kind, metadata, spec },
  });
}
