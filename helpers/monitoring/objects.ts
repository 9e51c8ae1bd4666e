import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { KubeObject } from '../kubernetes/resources.ts';
import { alertmanagerConfig, prometheusConfig } from './config.ts';
import type { Exporter, Receiver, Scrape } from './config.ts';

/** What Prometheus is to watch in a namespace. */
export interface MonitoringInput {
  /** The cluster's `monitoring`: images that it can pull. */
  images: { prometheus: string; alertmanager: string };
  /** A file of alerting and recording rules, in the notation of Prometheus. */
  rules: string;
  /** Pods without the annotation `prometheus.io/scrape`. */
  scrapes?: readonly Scrape[];
  exporters?: readonly Exporter[];
  receivers: readonly Receiver[];
}

interface Server {
  name: string;
  port: number;
  image: string;
  /** Path of the answer that means ready. */
  ready: string;
  command: string[];
  files: Record<string, string>;
  account?: string;
}

const account = 'seatrial-prometheus';
/** On the pods: which of the two it is. */
export const serverLabel = 'seatrial.dev/monitoring';
/** On the pods: a digest of the configuration that they were made with. */
export const configAnnotation = 'seatrial.dev/config';

/** All objects of a Prometheus and an Alertmanager in `namespace`; another configuration makes other pods. Pure. */
export function monitoringObjects(
  namespace: string,
  { images, rules, scrapes = [], exporters = [], receivers }: MonitoringInput,
): KubeObject[] {
  const objects = [
    ...accountObjects(),
    ...serverObjects({
      name: 'prometheus',
      port: 9090,
      image: images.prometheus,
      ready: '/-/ready',
      command: [
        'prometheus',
        '--config.file=/etc/prometheus/prometheus.yml',
        '--storage.tsdb.path=/data',
        '--log.level=warn',
      ],
      files: { 'prometheus.yml': stringify(prometheusConfig(namespace, scrapes, exporters)), 'rules.yml': rules },
      account,
    }),
    ...serverObjects({
      name: 'alertmanager',
      port: 9093,
      image: images.alertmanager,
      ready: '/-/ready',
      // One alone: it looks for no peers.
      command: [
        'alertmanager',
        '--config.file=/etc/alertmanager/alertmanager.yml',
        '--storage.path=/data',
        '--cluster.listen-address=',
      ],
      files: { 'alertmanager.yml': stringify(alertmanagerConfig(receivers)) },
    }),
  ];
  return objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace } }));
}

/** Prometheus may see the pods of its namespace and nothing else. */
function accountObjects(): KubeObject[] {
  const rbac = 'rbac.authorization.k8s.io';
  const metadata = { name: account };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: account },
      subjects: [{ kind: 'ServiceAccount', name: account }],
    },
  ] as KubeObject[];
}

function serverObjects({
  name,
  port,
  image,
  ready,
  command,
  files,
  account: serviceAccountName,
}: Server): KubeObject[] {
  const metadata = { name };
  const selector = { [serverLabel]: name };
  const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16);
  const container = {
    name,
    image,
    command,
    ports: [{ name: 'http', containerPort: port }],
    readinessProbe: { httpGet: { path: ready, port: 'http' }, periodSeconds: 1 },
    resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '512Mi' } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [
      { name: 'config', mountPath: `/etc/${name}` },
      { name: 'data', mountPath: '/data' },
      // promtool tests rules on a database there.
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
  const pod = {
    ...(serviceAccountName === undefined ? { automountServiceAccountToken: false } : { serviceAccountName }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_534,
      runAsGroup: 65_534,
      fsGroup: 65_534,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    terminationGracePeriodSeconds: 5,
    containers: [container],
    volumes: [
      { name: 'config', configMap: { name } },
      { name: 'data', emptyDir: {} },
      { name: 'tmp', emptyDir: {} },
    ],
  };
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: files },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        // Two at a time would each send the same alerts.
        strategy: { type: 'Recreate' },
        selector: { matchLabels: selector },
        template: {
          metadata: {
            // What observes stays outside of the mesh.
            labels: { ...selector, 'sidecar.istio.io/inject': 'false' },
            annotations: { [configAnnotation]: hash },
          },
          spec: pod,
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { type: 'NodePort', selector, ports: [{ name: 'http', port, targetPort: 'http' }] },
    },
  ] as unknown[] as KubeObject[];
}
