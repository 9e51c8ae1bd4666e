import { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';

/** What Flux serves, and by which controllers; all of them are needed to deploy charts from Git. */
const groups = ['source.toolkit.fluxcd.io', 'kustomize.toolkit.fluxcd.io', 'helm.toolkit.fluxcd.io'];
const controllers = ['source-controller', 'kustomize-controller', 'helm-controller'];

/** A controller of Flux as its Deployment tells. */
export interface FluxController {
  name: string;
  namespace: string;
  image: string;
  ready: boolean;
}

/** The controllers of Flux on a cluster, in whatever namespace they were installed. */
export async function fluxControllersOf(kube: Kube): Promise<FluxController[]> {
  const { items } = await new Kube(kube.config).list(kinds.deployment, {
    labelSelector: `app in (${controllers.join(',')})`,
  });
  return items.flatMap(({ metadata, spec, status }) => {
    const name = metadata?.name ?? '';
    const [container] = spec?.template.spec?.containers ?? [];
    if (!controllers.includes(name)) return [];
    return [
      {
        name,
        namespace: metadata?.namespace ?? '',
        image: container?.image ?? '',
        ready: (status?.readyReplicas ?? 0) > 0 && (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0),
      },
    ];
  });
}

/** Whether Flux is there and works: its kinds are served, and each of the three controllers has a ready replica. */
export async function fluxIsReady(kube: Kube): Promise<boolean> {
  const served = await kube.request<{ groups: { name: string }[] }>('/apis');
  if (!groups.every((group) => served.groups.some(({ name }) => name === group))) return false;
  const found = await fluxControllersOf(kube);
  return controllers.every((controller) => found.some(({ name, ready }) => name === controller && ready));
}
