import type { ModelDeclaration, Strategy } from '../target/model/schema.ts';
import { predictPort } from '../target/model/serving.ts';
import type { Deployment, Manifest } from './objects.ts';
import { gatewayName } from './services.ts';
import { slotOf } from './slots.ts';
import type { Role } from './slots.ts';
import { metadata } from './workloads.ts';

/** An object of Istio, whose types nobody publishes for TypeScript. */
type MeshObject = Manifest & { spec: Record<string, unknown> };

/** Cookie by which a user keeps a variant. */
const VARIANT_COOKIE = 'variant';
const ROLES = ['stable', 'candidate'] as const satisfies Role[];

/** Gateway, subsets and routes; the candidate gets `percentage` of calls (canary) or of new users (A/B test). */
export function meshObjects(
  model: ModelDeclaration,
  strategy: 'canary' | 'a_b_test',
  percentage: number,
): MeshObject[] {
  return [
    gateway(model),
    destinationRule(model, strategy),
    ...virtualServiceNames(model).map((name) => virtualService(model, strategy, percentage, name)),
  ];
}

function gateway(model: ModelDeclaration): MeshObject {
  const protocol = predictPort(model.serving) === 'grpc' ? 'GRPC' : 'HTTP';
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: metadata(model, model.name, 'base'),
    spec: {
      selector: { istio: gatewayName(model) },
      servers: [{ port: { number: 80, name: protocol.toLowerCase(), protocol }, hosts: ['*'] }],
    },
  };
}

function destinationRule(model: ModelDeclaration, strategy: Strategy): MeshObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: metadata(model, model.name, 'base'),
    spec: {
      host: model.name,
      subsets: ROLES.map((role) => ({ name: slotOf(strategy, role), labels: { version: slotOf(strategy, role) } })),
    },
  };
}

/**
 * The routes of users. The last one has the weights, stable first: `deploy.sh` and the experiments patch them there. Testers ask for the canary
 * by a header; a user of an A/B test who has a variant keeps it.
 */
function virtualService(
  model: ModelDeclaration,
  strategy: 'canary' | 'a_b_test',
  percentage: number,
  name: string,
): MeshObject {
  const named = strategy === 'canary' ? [testers(model)] : ROLES.map((role) => returning(model, role));
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: metadata(model, name, 'base'),
    spec: {
      ...(name === model.name ? { hosts: [model.name] } : { hosts: ['*'], gateways: [model.name] }),
      http: [...named, { name: 'users', route: ROLES.map((role) => weighted(model, strategy, role, percentage)) }],
    },
  };
}

/** One for clients within the mesh, and one for those who come by the gateway, under whatever name: they cannot share a host. */
export function virtualServiceNames({ name }: Pick<ModelDeclaration, 'name'>): [string, string] {
  return [name, `${name}-entry`];
}

function testers(model: ModelDeclaration) {
  return {
    name: 'testers',
    match: [{ headers: { canary: { exact: 'true' } } }],
    route: [{ destination: destination(model, 'canary', 'candidate') }],
  };
}

function returning(model: ModelDeclaration, role: Role) {
  const slot = slotOf('a_b_test', role) ?? '';
  return {
    name: `returning-${slot}`,
    match: [{ headers: { cookie: { regex: `(.*; ?)?${VARIANT_COOKIE}=${slot}(;.*)?` } } }],
    route: [{ destination: destination(model, 'a_b_test', role) }],
  };
}

function weighted(model: ModelDeclaration, strategy: Strategy, role: Role, percentage: number) {
  const slot = slotOf(strategy, role) ?? '';
  const keep = { response: { add: { 'set-cookie': `${VARIANT_COOKIE}=${slot}; Path=/; Max-Age=2592000` } } };
  return {
    destination: destination(model, strategy, role),
    weight: role === 'candidate' ? percentage : 100 - percentage,
    ...(strategy === 'a_b_test' ? { headers: keep } : {}),
  };
}

function destination({ name, serving }: ModelDeclaration, strategy: Strategy, role: Role) {
  return { host: name, subset: slotOf(strategy, role), port: { number: serving.ports[predictPort(serving)] } };
}

/** The gateway's pods; istiod fills in image, arguments and configuration when they are made. */
export function gatewayDeployment(model: ModelDeclaration): Deployment {
  const labels = { istio: gatewayName(model) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadata(model, gatewayName(model), 'base'),
    spec: {
      replicas: 2,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels: { ...labels, 'sidecar.istio.io/inject': 'true' },
          annotations: { 'inject.istio.io/templates': 'gateway' },
        },
        spec: {
          containers: [{ name: 'istio-proxy', image: 'auto', securityContext: { allowPrivilegeEscalation: false } }],
        },
      },
    },
  };
}
