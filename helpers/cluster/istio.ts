import { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Service } from '../kubernetes/resources.ts';

/** What Istio serves and experiments use: routes and subsets, mutual TLS. */
const groups = ['networking.istio.io', 'security.istio.io'];
/** The label of the control plane, whatever its revision. */
const controlPlane = 'app=istiod';
/** Every gateway of Istio tells its state at this port, and nothing else has it. */
const gatewayStatusPort = 15_021;

/** Whether Istio is there and works: its kinds are served, and a control plane is ready. */
export async function istioIsReady(kube: Kube): Promise<boolean> {
  const served = await kube.request<{ groups: { name: string }[] }>('/apis');
  if (!groups.every((group) => served.groups.some(({ name }) => name === group))) return false;
  const { items } = await new Kube(kube.config).list(kinds.deployment, { labelSelector: controlPlane });
  return items.some(({ status }) => (status?.readyReplicas ?? 0) > 0);
}

/** Where traffic enters a mesh. */
export interface MeshGateway {
  namespace: string;
  /** Name of the Service. */
  service: string;
  /** What `spec.selector` of a Gateway has to say to mean this one. */
  selector: Record<string, string>;
}

/** The gateways of Istio on a cluster, by namespace and name. */
export async function meshGatewaysOf(kube: Kube): Promise<MeshGateway[]> {
  return gatewaysAmong((await new Kube(kube.config).list(kinds.service)).items);
}

/** Services of gateways; one without pods of its own is none. Pure. */
export function gatewaysAmong(services: readonly Service[]): MeshGateway[] {
  return services
    .filter(({ spec }) => spec?.ports?.some(({ port }) => port === gatewayStatusPort))
    .flatMap(({ metadata, spec }) => {
      const { name, namespace } = metadata ?? {};
      if (name === undefined || namespace === undefined || spec?.selector === undefined) return [];
      return [{ namespace, service: name, selector: spec.selector }];
    })
    .sort((a, b) => `${a.namespace}/${a.service}`.localeCompare(`${b.namespace}/${b.service}`));
}
