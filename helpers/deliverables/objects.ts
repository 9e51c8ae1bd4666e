import type {
  KubernetesObject,
  V1Container,
  V1Deployment,
  V1EnvVar,
  V1ObjectMeta,
  V1PodSpec,
  V1Probe,
  V1Service,
  V1ServicePort,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';

/** The same fields, without the class: manifests are plain data. */
type Plain<T> = T extends Date ? T : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;

export type Container = Plain<V1Container>;
export type Deployment = Plain<V1Deployment>;
export type EnvVar = Plain<V1EnvVar>;
export type ObjectMeta = Plain<V1ObjectMeta>;
export type PodSpec = Plain<V1PodSpec>;
export type KubernetesProbe = Plain<V1Probe>;
export type Service = Plain<V1Service>;
export type ServicePort = Plain<V1ServicePort>;
export type Autoscaler = Plain<V2HorizontalPodAutoscaler>;

/** Any object of a manifest. */
export type Manifest = Plain<KubernetesObject>;
