import { podSpec } from '../../deliverables/container.ts';
import { manifestsOf } from '../../deliverables/manifests.ts';
import type { Deployment, Service } from '../../deliverables/objects.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { observePods } from '../../kubernetes/record.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Pod } from '../../kubernetes/resources.ts';
import { createSecrets } from '../../kubernetes/secrets.ts';
import { nodeAddress } from '../../mcp/endpoint.ts';
import { urlOf } from '../../serving/entry.ts';
import { referenceOf } from '../../target/model/images.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import { predictPort } from '../../target/model/serving.ts';
import type { ModelVersion } from '../../target/model/versions.ts';
import { own } from '../steps.ts';
import { apply } from '../strategies/site.ts';
import type { ExperimentContext } from '../types.ts';

/** Label of the pods of one replica. */
const REPLICA = 'seatrial.dev/replica';

/** One replica of a version, by itself, asked past everything that would keep calls from it. */
export interface Replica {
  name: string;
  version: ModelVersion;
  url: string;
  deadlineMs: number;
  pod: () => Promise<Pod | undefined>;
}

export interface ReplicaOptions {
  version: ModelVersion;
  /** Instead of the declared limit on CPU, e.g. `250m`. */
  cpu?: string;
}

/** A namespace in which replicas are brought up one by one. */
export interface Bench {
  context: ExperimentContext<ModelTarget>;
  namespace: string;
  kube: Kube;
  /** Deploys one replica, and returns when its address is known; it has yet to start. */
  start: (name: string, options: ReplicaOptions) => Promise<Replica>;
  stopObserving: () => Promise<void>;
}

/** Makes a namespace with what every version needs. Steps: `namespace`, `secrets`. Images are built before, unless that has been done. */
export async function makeBench(context: ExperimentContext<ModelTarget>): Promise<Bench> {
  const { target, history, redactor } = context;
  const images = await context.images();
  const { name: namespace, kube } = await own(context, 'namespace', 'make a namespace', () => context.namespace());
  const observer = observePods(kube, namespace, history);
  await own(context, 'secrets', 'make the Secrets', () => createSecrets(kube, target.secrets, { redactor, history }));
  const place = { context, kube, namespace };
  await apply(place, manifestsOf(target, 'rolling', images).base);
  const { items: nodes } = await kube.list(kinds.node);
  return {
    ...place,
    stopObserving: () => observer.stop(),
    async start(name, { version, cpu }) {
      const id = `${target.name}-${name}`;
      const labels = { app: target.name, [REPLICA]: name };
      const spec = podSpec(target, version, referenceOf(version, images));
      const limited = cpu === undefined ? spec : withCpu(spec, cpu);
      await apply(place, [deploymentOf(id, labels, limited), serviceOf(id, labels, predictPort(target.serving))]);
      const { spec: made } = await kube.get(kinds.service, { name: id });
      const port = made?.ports?.[0]?.nodePort ?? 0;
      const { deadlineMs } = target.serving;
      const labelSelector = `${REPLICA}=${name}`;
      const pod = async () => (await kube.list(kinds.pod, { labelSelector })).items[0];
      return { name: id, version, url: urlOf(nodeAddress(nodes), port), deadlineMs, pod };
    },
  };
}

function deploymentOf(name: string, labels: Record<string, string>, spec: ReturnType<typeof podSpec>): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

/** Leads to the replica whether or not it is ready: what an unready one says of itself is a part of the trial. */
function serviceOf(name: string, labels: Record<string, string>, port: string): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, labels },
    spec: {
      type: 'NodePort',
      selector: labels,
      publishNotReadyAddresses: true,
      ports: [{ name: port, port: 80, targetPort: port, protocol: 'TCP' }],
    },
  };
}

/** Requests may not be above limits. */
function withCpu(spec: ReturnType<typeof podSpec>, cpu: string): ReturnType<typeof podSpec> {
  return {
    ...spec,
    containers: spec.containers.map((container) => ({
      ...container,
      resources: {
        ...container.resources,
        requests: { ...container.resources?.requests, cpu },
        limits: { ...container.resources?.limits, cpu },
      },
    })),
  };
}
