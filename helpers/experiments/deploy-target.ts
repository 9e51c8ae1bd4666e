import { join } from 'node:path';
import { Helm } from '../helm/helm.ts';
import type { ReleaseInput } from '../helm/helm.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { observePods } from '../kubernetes/record.ts';
import { createSecrets } from '../kubernetes/secrets.ts';
import { resolveEndpoint } from '../mcp/endpoint.ts';
import type { SecretValues } from '../mcp/token.ts';
import type { ImageLocations } from '../target/placeholders.ts';
import type { Release } from '../target/schema.ts';
import { deploy } from './deploy.ts';
import { prepareRelease } from './releases.ts';
import { own, trial } from './steps.ts';
import type { ExperimentContext } from './types.ts';

/** The target's releases in a namespace of their own, as far as they could be installed. */
export interface DeployedReleases {
  namespace: string;
  /** Bound to the namespace. */
  kube: Kube;
  /** Bound to the namespace; writes what it changes into the history. */
  helm: Helm;
  /** Values of the declared Secrets, by name and key. */
  secrets: SecretValues;
  /** What was installed, in the order of installation: fewer than the target declares when one of them failed. */
  releases: ReleaseInput[];
  /** Ends the observation of the pods. To be called before the experiment ends; @throws KubeError when the observer was blind. */
  stopObserving: () => Promise<void>;
}

export interface DeployedTarget extends DeployedReleases {
  /** Where clients enter; undefined when a release failed or there is no way in: the step that failed says why. */
  url: string | undefined;
}

interface DeployOptions {
  /** Called when the namespace is there and before anything is put into it. */
  onNamespace?: (kube: Kube, namespace: string) => Promise<void>;
  /** Installed instead of the releases that the target declares: those of another version. */
  releases?: readonly Release[];
  /** What their placeholders stand for; default: the images of the target. */
  images?: ImageLocations;
}

/**
 * Makes a namespace and the declared Secrets, and installs all releases one after the other, watching the pods from the start. Steps:
 * `namespace`, `secrets` and `install.NAME`. Images are built before the first step, unless that has been done in this run.
 */
export async function deployReleases(
  context: ExperimentContext,
  { onNamespace, releases: wanted = context.target.releases, images: given }: DeployOptions = {},
): Promise<DeployedReleases> {
  const { target, cluster, folder, history, redactor } = context;
  const images = given ?? (await context.images());
  const { name: namespace, kube } = await own(context, 'namespace', 'make a namespace', () => context.namespace());
  await onNamespace?.(kube, namespace);
  const observer = observePods(kube, namespace, history);
  const secrets = await own(context, 'secrets', 'make the Secrets', () =>
    createSecrets(kube, target.secrets, { redactor, history }),
  );
  const helm = Helm.on(cluster, { namespace, home: join(folder, 'helm'), history });
  const releases: ReleaseInput[] = [];
  for (const declared of wanted) {
    const prepare = () => prepareRelease(helm, target, declared, { images, namespace });
    const release = await deploy(context, kube, { helm, name: declared.name, prepare });
    // What comes later builds on what came before: without it, nothing can be learnt about it.
    if (release === undefined) break;
    releases.push(release);
  }
  return { namespace, kube, helm, secrets, releases, stopObserving: () => observer.stop() };
}

/** As `deployReleases`, and finds out where clients enter: the step `endpoint`. */
export async function deployTarget(context: ExperimentContext, options: DeployOptions = {}): Promise<DeployedTarget> {
  const deployed = await deployReleases(context, options);
  const { target, signal } = context;
  if (deployed.releases.length < target.releases.length) return { ...deployed, url: undefined };
  const url = await trial(
    context,
    'endpoint',
    'find the endpoint',
    () => resolveEndpoint(deployed.kube, target.mcp.endpoint, signal),
    (found) => ({ url: found }),
  );
  return { ...deployed, url };
}
