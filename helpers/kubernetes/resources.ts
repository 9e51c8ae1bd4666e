import type {
  CoreV1Event,
  V1ClusterRole,
  V1ConfigMap,
  V1DaemonSet,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1Namespace,
  V1NetworkPolicy,
  V1Node,
  V1Pod,
  V1PodDisruptionBudget,
  V1ReplicaSet,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V1ObjectMeta,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';

/** An object as it travels: JSON has no dates, they are ISO 8601 texts. */
export type Wire<T> = T extends Date
  ? string
  : T extends (infer E)[]
    ? Wire<E>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T;

export type ObjectMeta = Wire<V1ObjectMeta>;

/** What every object of the API has. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

export type Pod = Wire<V1Pod>;
export type Namespace = Wire<V1Namespace>;
export type Secret = Wire<V1Secret>;
export type Service = Wire<V1Service>;
export type Node = Wire<V1Node>;
export type Job = Wire<V1Job>;
export type Event = Wire<CoreV1Event>;
export type DaemonSet = Wire<V1DaemonSet>;
export type Deployment = Wire<V1Deployment>;

/** A kind of object and where the API server keeps it; `T` is what such an object looks like. */
export interface Resource<T extends KubeObject = KubeObject> {
  kind: string;
  /** e.g. `v1`, `apps/v1`. */
  apiVersion: string;
  plural: string;
  namespaced: boolean;
  /** Never set; carries the type. */
  readonly object?: T;
}

function resource<T extends KubeObject>(
  kind: string,
  apiVersion: string,
  plural: string,
  namespaced = true,
): Resource<T> {
  return { kind, apiVersion, plural, namespaced };
}

/** The kinds that the suite itself reads and writes; others are found by discovery. */
export const kinds = {
  clusterRole: resource<Wire<V1ClusterRole>>('ClusterRole', 'rbac.authorization.k8s.io/v1', 'clusterroles', false),
  configMap: resource<Wire<V1ConfigMap>>('ConfigMap', 'v1', 'configmaps'),
  daemonSet: resource<DaemonSet>('DaemonSet', 'apps/v1', 'daemonsets'),
  deployment: resource<Deployment>('Deployment', 'apps/v1', 'deployments'),
  event: resource<Event>('Event', 'v1', 'events'),
  horizontalPodAutoscaler: resource<Wire<V2HorizontalPodAutoscaler>>(
    'HorizontalPodAutoscaler',
    'autoscaling/v2',
    'horizontalpodautoscalers',
  ),
  ingress: resource<Wire<V1Ingress>>('Ingress', 'networking.k8s.io/v1', 'ingresses'),
  job: resource<Job>('Job', 'batch/v1', 'jobs'),
  namespace: resource<Namespace>('Namespace', 'v1', 'namespaces', false),
  networkPolicy: resource<Wire<V1NetworkPolicy>>('NetworkPolicy', 'networking.k8s.io/v1', 'networkpolicies'),
  node: resource<Node>('Node', 'v1', 'nodes', false),
  persistentVolumeClaim: resource('PersistentVolumeClaim', 'v1', 'persistentvolumeclaims'),
  pod: resource<Pod>('Pod', 'v1', 'pods'),
  podDisruptionBudget: resource<Wire<V1PodDisruptionBudget>>(
    'PodDisruptionBudget',
    'policy/v1',
    'poddisruptionbudgets',
  ),
  replicaSet: resource<Wire<V1ReplicaSet>>('ReplicaSet', 'apps/v1', 'replicasets'),
  secret: resource<Secret>('Secret', 'v1', 'secrets'),
  service: resource<Service>('Service', 'v1', 'services'),
  serviceAccount: resource<Wire<V1ServiceAccount>>('ServiceAccount', 'v1', 'serviceaccounts'),
  statefulSet: resource<Wire<V1StatefulSet>>('StatefulSet', 'apps/v1', 'statefulsets'),
} as const;

/** `Pod/gateway-6d5f-abcde`: how objects are named in histories and messages. */
export function nameOf({ kind }: Pick<Resource, 'kind'>, object: KubeObject): string {
  return `${kind}/${object.metadata?.name ?? '?'}`;
}
