/** What is known about a chart that its HelmRelease does not show. */
export interface KnownChart {
  /** API groups whose definitions (CRDs) the chart brings. */
  groups?: readonly string[];
  /** Credentials that everybody knows, and that hold unless the value at `unless` is set. */
  defaults?: readonly { key: string; unless: string }[];
  /** Values that look right and that the chart ignores in silence. */
  ignored?: readonly { value: string; instead: string }[];
  /** Components without a PodDisruptionBudget of the chart's own, by the labels of their pods. */
  unprotected?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** By the name of the chart. A chart that is not here is judged by what the tree shows. */
export const knownCharts: ReadonlyMap<string, KnownChart> = new Map<string, KnownChart>([
  [
    'arcade',
    {
      // As Arcade's own reference deployment (ArcadeAI/marketplace-flux) says in the comments of its HelmRelease and its budgets.
      defaults: [{ key: 'ARCADE_WORKER_SECRET', unless: 'workerDefaults.existingSecret' }],
      ignored: [
        { value: 'auth.upstreamIdp.existingSecret', instead: 'auth.upstreamIdp.secretName' },
        { value: 'playground.existingSecret', instead: 'playground.existingAnthropicApiKeySecret' },
        { value: 'playground.existingSecretKey', instead: 'playground.existingAnthropicApiKeySecretKey' },
      ],
      unprotected: {
        engine: { app: 'arcade-engine' },
        coordinator: { app: 'coordinator' },
        dashboard: { app: 'arcade-dashboard' },
        'experience-api': { 'app.kubernetes.io/component': 'experience-api' },
        worker: { app: 'worker', 'worker-id': 'main' },
      },
    },
  ],
  ['base', { groups: ['networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io'] }],
  ['cert-manager', { groups: ['cert-manager.io', 'acme.cert-manager.io'] }],
  ['cloudnative-pg', { groups: ['postgresql.cnpg.io'] }],
  ['external-secrets', { groups: ['external-secrets.io', 'generators.external-secrets.io'] }],
  ['gateway-helm', { groups: ['gateway.networking.k8s.io', 'gateway.envoyproxy.io'] }],
  ['keda', { groups: ['keda.sh', 'eventing.keda.sh'] }],
  ['kube-prometheus-stack', { groups: ['monitoring.coreos.com'] }],
  ['kyverno', { groups: ['kyverno.io', 'policies.kyverno.io'] }],
  ['prometheus-operator-crds', { groups: ['monitoring.coreos.com'] }],
  ['sealed-secrets', { groups: ['bitnami.com'] }],
  ['secrets-store-csi-driver', { groups: ['secrets-store.csi.x-k8s.io'] }],
  ['traefik', { groups: ['traefik.io', 'hub.traefik.io', 'gateway.networking.k8s.io'] }],
  ['vault-secrets-operator', { groups: ['secrets.hashicorp.com'] }],
]);
