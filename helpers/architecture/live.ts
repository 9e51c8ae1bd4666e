import type {
  V1Container,
  V1Ingress,
  V1NetworkPolicy,
  V1PodDisruptionBudget,
  V1PodSpec,
  V1Service,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import type { Wire } from '../kubernetes/resources.ts';

/** What a literal value in an environment is like; the value itself is never recorded. */
export type Literal = 'empty' | 'number' | 'switch' | 'path' | 'text' | 'password in a URL' | 'private key';

export interface EnvVar {
  name: string;
  /** Of a literal value. */
  literal?: Literal;
  /** Of a reference: e.g. `secret/gateway-secrets`, `configMap/gateway`, `field`. */
  from?: string;
}

export type Container = Omit<Wire<V1Container>, 'env'> & { env: EnvVar[] };

export type PodSpec = Omit<Wire<V1PodSpec>, 'containers' | 'initContainers'> & {
  containers: Container[];
  initContainers?: Container[];
};

/** A Deployment, StatefulSet or DaemonSet as the API server has it, without what the comparison does not look at. */
export interface Workload {
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  name: string;
  /** `spec.selector.matchLabels`. */
  selector: Record<string, string>;
  replicas: number;
  /** `spec.strategy` or `spec.updateStrategy`. */
  strategy: {
    type?: string;
    rollingUpdate?: { maxUnavailable?: number | string; maxSurge?: number | string; partition?: number };
  };
  template: { labels: Record<string, string>; spec: PodSpec };
}

export interface LivePod {
  name: string;
  labels: Record<string, string>;
  node?: string;
  ready: boolean;
}

interface Named<Spec> {
  name: string;
  spec: Spec;
}

/** Where a store is, as the component's environment says; credentials are left out. */
export interface LiveStore {
  name: string;
  /** The environment variable that was looked at. */
  variable: string;
  /** `undefined`: the variable is not set. */
  host?: string;
  scheme?: string;
  /** Parameters of the URL that are about TLS, or the variable that switches it on. */
  tls: Record<string, string>;
}

export interface Entry {
  url: string;
  /** The Service that clients enter at, when it is one of the namespace. */
  service?: string;
  /** Of a real handshake, when the URL is https. */
  handshake?: { protocol: string | null; trusted: boolean; error?: string; validTo: string };
}

/** What runs, as far as the comparison looks at it: the fact `architecture.live`. */
export interface Live {
  namespace: string;
  workloads: Workload[];
  pods: LivePod[];
  nodes: { name: string; zone?: string }[];
  podDisruptionBudgets: Named<Wire<V1PodDisruptionBudget>['spec']>[];
  autoscalers: (Named<Wire<V2HorizontalPodAutoscaler>['spec']> & {
    /** Why it does not scale, when its controller says so; absent when it does. */
    inactive?: string;
  })[];
  networkPolicies: Named<Wire<V1NetworkPolicy>['spec']>[];
  services: Named<Wire<V1Service>['spec']>[];
  ingresses: Named<Wire<V1Ingress>['spec']>[];
  serviceAccounts: { name: string; automountServiceAccountToken?: boolean }[];
  configMaps: { name: string; data: Record<string, Literal> }[];
  stores: LiveStore[];
  entry?: Entry;
  /** DaemonSets of network plugins that are known to enforce NetworkPolicies, and to ignore them; absent: they could not be listed. */
  networkPlugins?: { enforcing: string[]; ignoring: string[] };
}
