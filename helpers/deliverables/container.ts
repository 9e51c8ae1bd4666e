import type { Probe } from '../target/model/health.ts';
import type { ModelDeclaration } from '../target/model/schema.ts';
import { portNames } from '../target/model/serving.ts';
import type { ModelVersion } from '../target/model/versions.ts';
import type { Container, EnvVar, KubernetesProbe, PodSpec } from './objects.ts';

/** Nobody's user: whatever the image says, the model does not run as root. */
const NOBODY = 65_532;

/**
 * How long a pod that goes still takes calls, in seconds: until every node and proxy has heard that it goes. Without it, calls are lost
 * whenever a pod is replaced.
 */
const LINGER_SECONDS = 5;
const GRACE_SECONDS = 30;

/** The pod of one version. @param reference of its image. */
export function podSpec(model: ModelDeclaration, version: ModelVersion, reference: string): PodSpec {
  const { storage } = model;
  const volumes = [
    { name: 'tmp', emptyDir: {} },
    ...(storage === undefined
      ? []
      : [{ name: 'model-storage', persistentVolumeClaim: { claimName: storage.claim, readOnly: true } }]),
  ];
  return {
    serviceAccountName: model.name,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: GRACE_SECONDS,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: NOBODY,
      runAsGroup: NOBODY,
      fsGroup: NOBODY,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(model, version, reference)],
    volumes,
  };
}

function container(model: ModelDeclaration, version: ModelVersion, image: string): Container {
  const { serving, resources, healthChecks, storage } = model;
  const ports = portNames.flatMap((name) => {
    const containerPort = serving.ports[name];
    return containerPort === undefined ? [] : [{ name, containerPort, protocol: 'TCP' }];
  });
  const { 'nvidia.com/gpu': gpus, ...limits } = resources.limits;
  return {
    name: 'model-server',
    image,
    ...(version.command === undefined ? {} : { command: version.command }),
    ...(version.args === undefined ? {} : { args: version.args }),
    ports,
    env: environment({ ...healthLimits(model), ...model.env, ...version.env }),
    resources: {
      requests: resources.requests,
      limits: { ...limits, ...(gpus === undefined ? {} : { 'nvidia.com/gpu': String(gpus) }) },
    },
    livenessProbe: probe(healthChecks.liveness, serving),
    readinessProbe: probe(healthChecks.readiness, serving),
    ...(healthChecks.startup === undefined ? {} : { startupProbe: probe(healthChecks.startup, serving) }),
    lifecycle: { preStop: { sleep: { seconds: LINGER_SECONDS } } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      ...(storage === undefined ? [] : [{ name: 'model-storage', mountPath: storage.mountPath, readOnly: true }]),
    ],
  };
}

/** The declared limits of the health check, for a server that reports its health. */
function healthLimits({ healthChecks: { thresholds }, serving: { paths } }: ModelDeclaration): Record<string, string> {
  if (paths.health === undefined) return {};
  const { memory, cpu, responseTimeMs, errorRate } = thresholds;
  const limits = { MEMORY: memory, CPU: cpu, RESPONSE_TIME_MS: responseTimeMs, ERROR_RATE: errorRate };
  return Object.fromEntries(
    Object.entries(limits).flatMap(([name, { warning, critical }]) => [
      [`HEALTH_${name}_WARNING`, String(warning)],
      [`HEALTH_${name}_CRITICAL`, String(critical)],
    ]),
  );
}

/** Secrets stand in it by reference only. */
function environment(env: ModelDeclaration['env']): EnvVar[] {
  return Object.entries(env)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) =>
      typeof value === 'string'
        ? { name, value }
        : { name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key } } },
    );
}

/** A probe as Kubernetes has it. */
export function probe(declared: Probe, { ports }: Pick<ModelDeclaration['serving'], 'ports'>): KubernetesProbe {
  const { initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold } = declared;
  const times = { initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold };
  if ('exec' in declared) return { exec: declared.exec, ...times };
  if (!('grpc' in declared)) return { httpGet: { path: declared.path, port: declared.port }, ...times };
  const { port, service } = declared.grpc;
  // Kubernetes takes a name for a port of HTTP, and none for gRPC.
  const number = typeof port === 'number' ? port : (ports[port] ?? 0);
  return { grpc: { port: number, ...(service === undefined ? {} : { service }) }, ...times };
}
