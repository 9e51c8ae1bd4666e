import { arch } from 'node:process';

/** Versions of what is built here; `modules/go.sum` pins every byte of the sources. */
export const versions = {
  kubernetes: 'v1.36.3',
  containerd: 'v2.4.2',
  coredns: 'v1.15.0',
  helm: 'v4.2.4',
  localPathProvisioner: 'v0.0.30',
  metricsServer: 'v0.9.0',
  /** The only version that the Go module proxy serves is a snapshot of this release line. */
  istio: '1.31.0-alpha.eed52ebb66ad',
  envoy: '1.40.0',
  argoRollouts: 'v1.10.2',
  /** Oldest Go that the modules build with; one that wants a newer one says so in its `go.mod`, and Go fetches it. */
  go: '1.26.6',
};

/** A set of Go commands that is built and cached together. */
export interface Part {
  name: string;
  /** Module folder below `modules/`. */
  module: '.' | 'containerd' | 'metallb' | 'istio' | 'argo-rollouts';
  packages: string[];
  ldflags: string[];
  /** Commands that are links to the first one. */
  aliases?: string[];
  /** Folders of Go modules that come along with the commands, e.g. the CRDs that belong to a controller. */
  copies?: { module: string; from: string; to: string }[];
  /** Built when an experiment needs it, not before the first boot. */
  onDemand?: boolean;
  /** Seconds that a cold build took on two cores (measured in November 2026): only for telling people how long it takes. */
  expectedSeconds: number;
}

const [, major = '', minor = ''] = /^v(\d+)\.(\d+)/.exec(versions.kubernetes) ?? [];

/** Commands of the part `flux`, by the names of their modules, Deployments and images. */
export const fluxControllers = ['source-controller', 'kustomize-controller', 'helm-controller'] as const;

const definitions = {
  kubernetes: {
    module: '.',
    packages: ['./cmd/kubernetes'],
    ldflags: [
      `-X k8s.io/component-base/version.gitVersion=${versions.kubernetes}`,
      `-X k8s.io/component-base/version.gitMajor=${major}`,
      `-X k8s.io/component-base/version.gitMinor=${minor}`,
      `-X k8s.io/client-go/pkg/version.gitVersion=${versions.kubernetes}`,
    ],
    aliases: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'],
    expectedSeconds: 300,
  },
  containerd: {
    module: 'containerd',
    packages: [
      'github.com/containerd/containerd/v2/cmd/containerd',
      'github.com/containerd/containerd/v2/cmd/containerd-shim-runc-v2',
    ],
    ldflags: [`-X github.com/containerd/containerd/v2/version.Version=${versions.containerd}`],
    expectedSeconds: 60,
  },
  pause: { module: '.', packages: ['./cmd/pause'], ldflags: [], expectedSeconds: 2 },
  crane: {
    module: '.',
    packages: ['github.com/google/go-containerregistry/cmd/crane'],
    ldflags: [],
    expectedSeconds: 5,
  },
  coredns: { module: '.', packages: ['./cmd/coredns'], ldflags: [], expectedSeconds: 15 },
  'local-path-provisioner': {
    module: '.',
    packages: ['github.com/rancher/local-path-provisioner'],
    ldflags: [`-X main.VERSION=${versions.localPathProvisioner}`],
    expectedSeconds: 10,
  },
  helm: {
    module: '.',
    packages: ['helm.sh/helm/v4/cmd/helm'],
    ldflags: [`-X helm.sh/helm/v4/internal/version.version=${versions.helm}`],
    expectedSeconds: 30,
  },
  flux: {
    module: '.',
    packages: fluxControllers.map((name) => `github.com/fluxcd/${name}`),
    ldflags: [],
    copies: fluxControllers.map((name) => ({
      module: `github.com/fluxcd/${name}`,
      from: 'config/crd/bases',
      to: 'crds',
    })),
    onDemand: true,
    expectedSeconds: 170,
  },
  kubectl: {
    module: '.',
    packages: ['k8s.io/kubernetes/cmd/kubectl'],
    ldflags: [
      `-X k8s.io/component-base/version.gitVersion=${versions.kubernetes}`,
      `-X k8s.io/client-go/pkg/version.gitVersion=${versions.kubernetes}`,
    ],
    onDemand: true,
    expectedSeconds: 40,
  },
  'metrics-server': {
    module: '.',
    packages: ['sigs.k8s.io/metrics-server/cmd/metrics-server'],
    // It tells the version of the client library as its own.
    ldflags: [`-X k8s.io/client-go/pkg/version.gitVersion=${versions.metricsServer}`],
    copies: [{ module: 'sigs.k8s.io/metrics-server', from: 'charts/metrics-server', to: 'chart' }],
    onDemand: true,
    expectedSeconds: 15,
  },
  metallb: {
    module: 'metallb',
    packages: ['go.universe.tf/metallb/controller', 'go.universe.tf/metallb/speaker'],
    ldflags: [],
    copies: [{ module: 'go.universe.tf/metallb', from: 'config/manifests', to: 'manifests' }],
    onDemand: true,
    expectedSeconds: 150,
  },
  istio: {
    module: 'istio',
    packages: ['istio.io/istio/pilot/cmd/pilot-agent', 'istio.io/istio/pilot/cmd/pilot-discovery'],
    ldflags: [`-X istio.io/istio/pkg/version.buildVersion=${versions.istio}`],
    copies: [
      { module: 'istio.io/istio', from: 'manifests/charts', to: 'charts' },
      { module: 'istio.io/istio', from: 'tools/packaging/common', to: 'bootstrap' },
    ],
    onDemand: true,
    expectedSeconds: 250,
  },
  'argo-rollouts': {
    module: 'argo-rollouts',
    packages: ['github.com/argoproj/argo-rollouts/cmd/rollouts-controller'],
    ldflags: [`-X github.com/argoproj/argo-rollouts/utils/version.version=${versions.argoRollouts}`],
    copies: [{ module: 'github.com/argoproj/argo-rollouts', from: 'manifests/install.yaml', to: 'install.yaml' }],
    onDemand: true,
    expectedSeconds: 400,
  },
} satisfies Record<string, Omit<Part, 'name'>>;

export type PartName = keyof typeof definitions;

/** A part that every cluster has from the start. */
export type BootPartName = {
  [Name in PartName]: (typeof definitions)[Name] extends { onDemand: true } ? never : Name;
}[PartName];

/** In the order of building: what the boot waits for comes first. */
export const partNames = Object.keys(definitions) as PartName[];

export const bootPartNames = partNames.filter((name): name is BootPartName => part(name).onDemand !== true);

export function part(name: PartName): Part {
  return { name, ...definitions[name] };
}

/** Go's name of this machine's architecture. */
export const goArch = arch === 'x64' ? 'amd64' : arch;
