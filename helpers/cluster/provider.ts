/** A cluster part beyond plain Kubernetes that an experiment cannot do without. */
export type ClusterPart =
  'storage' | 'registry' | 'flux' | 'istio' | 'argo-rollouts' | 'metrics' | 'load-balancer' | 'prometheus' | 'kubectl';

export type ProviderName = 'kubeconfig' | 'kind' | 'embedded';

/** A cluster that is up and that this run may use. Plain data: it travels to the workers as JSON. */
export interface ClusterAccess {
  provider: ProviderName;
  /** Why this provider was chosen, in words for the person who runs it. */
  reason: string;
  /** Absolute path of a kubeconfig file that has `context`. */
  kubeconfig: string;
  context: string;
  /** As the API server says, e.g. `v1.36.3`. */
  kubernetesVersion: string;
  /** Where images and charts can be pushed to, if the provider has a registry of its own. Plain HTTP. */
  registry?: {
    /** `host:port` as reached from this machine. */
    push: string;
    /** Name that images carry inside the cluster. */
    pull: string;
  };
  /** Absolute path of the `crane` command, where the provider has a registry. */
  crane?: string;
  /** Addresses of which a Service of type LoadBalancer may choose one, where the cluster is the suite's own and has that part. */
  loadBalancers?: string[];
  /** Absolute path of the helm command. */
  helm: string;
  /** Absolute path of the kubectl command, where the part `kubectl` is there. */
  kubectl?: string;
  /** How Git repositories are served to the cluster, if the provider can do that. Read-only, plain HTTP. */
  git?: GitHosting;
  /** Images that the cluster can pull, where the part `prometheus` is there. In both the commands are called as by their projects. */
  monitoring?: {
    prometheus: string;
    alertmanager: string;
    /** Address of this machine that pods reach, where there is one: who listens there gets their alerts. */
    receiver?: string;
  };
  /** Parts that the cluster has. */
  parts: ClusterPart[];
}

/** What it takes to serve a Git repository of this machine to the pods of a cluster. Plain data. */
export interface GitHosting {
  /** Folder of this machine for repositories; it goes with the cluster. */
  folder: string;
  /** Address of this machine that pods reach. */
  address: string;
  /** A web server that runs scripts below `cgi-bin/`; `-p ADDRESS:PORT -h FOLDER` is added. It ends with the process that started it. */
  server: string[];
}

/** Tells the person who waits: what is being done, and how far it is. */
export type Progress = (message: string) => void;

export interface ClusterProvider {
  name: ProviderName;
  /** Can this provider work here? Touches nothing. */
  detect(): Promise<{ usable: boolean; reason: string }>;
  /**
   * Brings the cluster up, or joins one that is up, and takes a lease on it for the process `owner`.
   * @throws UserError when the machine or the configuration does not allow it.
   */
  acquire(options: { owner: number; progress: Progress }): Promise<ClusterAccess>;
  /**
   * Adds those of `parts` that the cluster lacks and that this provider can add to a running cluster, and looks that the person may use
   * those that are there. A second call adds nothing. What cannot be added is no error: the answer does not list it.
   * @param access what `acquire` gave.
   * @throws UserError when the machine or the rights do not allow what was asked for.
   */
  ensureParts?(
    access: ClusterAccess,
    parts: readonly ClusterPart[],
    options: { progress: Progress },
  ): Promise<ClusterAccess>;
  /** Gives the lease back; the last one to leave takes down what was brought up for a run. */
  release(options: { owner: number; progress: Progress }): Promise<void>;
}
