import { referenceOf } from '../../target/model/images.ts';
import { deployment } from '../../deliverables/workloads.ts';
import type { Manifest, Service } from '../../deliverables/objects.ts';
import { applyObjects } from '../../kubernetes/apply.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { kinds } from '../../kubernetes/resources.ts';
import { waitForRollout } from '../../kubernetes/rollouts.ts';
import { createSecrets } from '../../kubernetes/secrets.ts';
import { nodeAddress } from '../../mcp/endpoint.ts';
import { connect } from '../../serving/client.ts';
import { PACKAGES } from '../../serving/package-fact.ts';
import type { PackageFact } from '../../serving/package-fact.ts';
import type { Addresses } from '../../serving/types.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import { portNames } from '../../target/model/serving.ts';
import type { ModelVersion } from '../../target/model/versions.ts';
import type { ImageLocations } from '../../target/placeholders.ts';
import { waitUntil } from '../../wait.ts';
import { own, trial } from '../steps.ts';
import type { ExperimentContext, ModelExperiment } from '../types.ts';
import { examine } from './examine.ts';

/** Eight versions of which each starts in seconds; images may have to be pulled first. In ms. */
const LIMIT_MS = 15 * 60_000;
/** Until one pod is ready, in ms: all versions start at once. */
const READY_LIMIT_MS = 180_000;
/** A node learns of a new Service within a second or two, in ms. */
const REACH_LIMIT_MS = 30_000;

/** Label by which the pods of one version are told from those of the others. */
const PACKAGE = 'seatrial.dev/package';

interface Package {
  /** `stable`, `candidate`, or the defect. */
  name: string;
  version: ModelVersion;
  isBad: boolean;
}

/**
 * Every declared version started alone, by its own image and environment, and asked: samples, accuracy, inputs that are wrong, and who it
 * says that it is. No user meets any of them. Steps: `namespace`, `secrets`, `deploy`, `examine.NAME`. Facts: `package.names`,
 * `package.NAME`.
 */
export const modelPackage: ModelExperiment = {
  id: 'model.package',
  kind: 'Model',
  title: 'Every version of a model started alone and examined',
  needs: [],
  timeLimitMs: LIMIT_MS,
  async run(context) {
    const { target, history, redactor } = context;
    const images = await context.images();
    const { kube } = await own(context, 'namespace', 'make a namespace', () => context.namespace());
    await own(context, 'secrets', 'make the Secrets', () => createSecrets(kube, target.secrets, { redactor, history }));
    const packages = packagesOf(target);
    history.fact(
      PACKAGES,
      packages.map(({ name }) => name),
    );
    await own(context, 'deploy', 'start every version alone', async () => {
      const objects = packages.flatMap((one) => objectsOf(target, one, images));
      for (const { kind = '', metadata } of objects)
        history.write('apply', `${kind}/${metadata?.name ?? ''}`, kube.namespace);
      // What is sent is JSON, whose moments are texts; manifests have none.
      await applyObjects(kube, objects as never);
    });
    for (const one of packages) {
      const found = await trial(context, `examine.${one.name}`, `examine ${one.version.modelVersion}`, () =>
        examinePackage(context, kube, one, images),
      );
      if (found !== undefined) history.fact(`package.${one.name}`, found);
    }
  },
};

/** Those that serve come first; one that never gets ready comes last, so that it has had all the time of the others. */
function packagesOf({ versions: { stable, candidate, bad } }: ModelTarget): Package[] {
  const others = Object.entries(bad).map(([name, version]) => ({ name, version, isBad: true }));
  const isLast = ({ name }: Package) => name === NEVER_READY;
  return [
    { name: 'stable', version: stable, isBad: false },
    { name: 'candidate', version: candidate, isBad: false },
    ...others.filter((one) => !isLast(one)),
    ...others.filter(isLast),
  ];
}

const NEVER_READY = 'never-ready';

async function examinePackage(
  { target, signal }: ExperimentContext<ModelTarget>,
  kube: Kube,
  { name, version, isBad }: Package,
  images: ImageLocations,
): Promise<PackageFact> {
  if (name !== NEVER_READY) await waitForRollout(kube, nameIn(target, name), { timeoutMs: READY_LIMIT_MS, signal });
  const addresses = await addressesOf(kube, nameIn(target, name));
  // Pods are ready before every node knows the way to them.
  if (name !== NEVER_READY)
    await waitUntil('the model answers', () => answers(target, addresses), {
      timeoutMs: REACH_LIMIT_MS,
      everyMs: 200,
      signal,
    });
  const found = await examine(target, addresses, { whole: !isBad });
  const { items } = await kube.list(kinds.pod, { labelSelector: `${PACKAGE}=${name}` });
  const imageId = items[0]?.status?.containerStatuses?.find((status) => status.name === 'model-server')?.imageID;
  return {
    declared: { modelVersion: version.modelVersion, image: referenceOf(version, images) },
    ...(imageId === undefined || imageId === '' ? {} : { imageId }),
    ...found,
  };
}

async function answers(target: ModelTarget, addresses: Addresses): Promise<boolean> {
  const client = connect(target, addresses);
  try {
    return (await client.readiness()).ready;
  } finally {
    client.close();
  }
}

function nameIn({ name }: Pick<ModelTarget, 'name'>, one: string): string {
  return `${name}-${one}`;
}

/** One replica of the version as it would be deployed, and a way to each of its ports. */
function objectsOf(target: ModelTarget, { name, version }: Package, images: ImageLocations): Manifest[] {
  const [metadata, labels] = [{ name: nameIn(target, name) }, { [PACKAGE]: name }];
  const made = deployment(target, { strategy: 'rolling', role: 'candidate', version, replicas: 1, images });
  const template = made.spec?.template;
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type: 'NodePort',
      selector: labels,
      // One that never gets ready has to be asked why.
      publishNotReadyAddresses: true,
      ports: portNames.flatMap((port) => {
        const number = target.serving.ports[port];
        return number === undefined ? [] : [{ name: port, port: number, targetPort: number }];
      }),
    },
  };
  const { serviceAccountName: _account, ...pod } = template?.spec ?? { containers: [] };
  const workload = {
    ...made,
    metadata,
    spec: {
      ...made.spec,
      selector: { matchLabels: labels },
      template: { ...template, metadata: { labels }, spec: pod },
    },
  };
  return [workload, service];
}

async function addressesOf(kube: Kube, name: string): Promise<Addresses> {
  const [{ spec }, { items: nodes }] = await Promise.all([kube.get(kinds.service, { name }), kube.list(kinds.node)]);
  const host = nodeAddress(nodes);
  const ports = (spec?.ports ?? []).map(({ name: port = '', nodePort }) => [port, `${host}:${String(nodePort)}`]);
  return Object.fromEntries(ports) as Addresses;
}
