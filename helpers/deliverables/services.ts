import type { ModelDeclaration, Strategy } from '../target/model/schema.ts';
import { portNames, predictPort } from '../target/model/serving.ts';
import type { PortName } from '../target/model/serving.ts';
import type { Service, ServicePort } from './objects.ts';
import { entryName, isMeshed, slotOf, workloadName } from './slots.ts';
import type { Role } from './slots.ts';
import { metadata } from './workloads.ts';

/** How long a client keeps its pod, in seconds: three hours, as in the protocol. */
const AFFINITY_SECONDS = 10_800;
/** Where HTTP and gRPC enter from outside. */
const ENTRY_PORT = 80;
/** The port that the gateway's pods listen at: it needs no rights. */
const GATEWAY_PORT = 8080;

/** Where clients within the cluster enter, and where metrics are. Blue-green switches its selector. */
export function innerService(model: ModelDeclaration, strategy: Strategy): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(model, model.name, 'base'),
    spec: { type: 'ClusterIP', selector: selector(model, strategy), ports: allPorts(model) },
  };
}

/** Where one version is asked directly, past the way that users take. */
export function slotService(model: ModelDeclaration, strategy: Strategy, role: Role): Service | undefined {
  const slot = slotOf(strategy, role);
  if (slot === undefined) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadata(model, workloadName(model.name, strategy, role), role, slot),
    spec: { type: 'ClusterIP', selector: { app: model.name, version: slot }, ports: allPorts(model) },
  };
}

/** Where users enter. With weights they enter by the gateway of the mesh: a Service alone knows no weights. */
export function entryService(model: ModelDeclaration, strategy: Strategy): Service {
  const port = predictPort(model.serving);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      ...metadata(model, entryName(model.name), 'entry'),
      annotations: {
        'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb',
        'service.beta.kubernetes.io/aws-load-balancer-cross-zone-load-balancing-enabled': 'true',
      },
    },
    spec: {
      type: 'LoadBalancer',
      selector: isMeshed(strategy) ? { istio: gatewayName(model) } : selector(model, strategy),
      ports: [
        {
          name: port,
          port: ENTRY_PORT,
          targetPort: isMeshed(strategy) ? GATEWAY_PORT : port,
          protocol: 'TCP',
          appProtocol: protocolOf(port),
        },
      ],
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: AFFINITY_SECONDS } },
    },
  };
}

/** The mesh's gateway that belongs to this model alone. */
export function gatewayName({ name }: Pick<ModelDeclaration, 'name'>): string {
  return `${name}-gateway`;
}

/** As long as nothing was switched, it is the stable version that serves. */
function selector({ name }: ModelDeclaration, strategy: Strategy): Record<string, string> {
  const slot = strategy === 'blue_green' ? slotOf(strategy, 'stable') : undefined;
  return { app: name, ...(slot === undefined ? {} : { version: slot }) };
}

/** Every port of the server, by its name. */
export function allPorts({ serving }: ModelDeclaration): ServicePort[] {
  return portNames.flatMap((name) => {
    const port = serving.ports[name];
    return port === undefined ? [] : [{ name, port, targetPort: name, protocol: 'TCP', appProtocol: protocolOf(name) }];
  });
}

function protocolOf(port: PortName): string {
  return port === 'grpc' ? 'grpc' : 'http';
}
