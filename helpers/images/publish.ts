import { execa } from 'execa';
import type { Progress } from '../cluster/provider.ts';
import { messageOf, UserError } from '../errors.ts';
import { seconds } from '../format.ts';
import type { BuiltImage } from './build.ts';

export interface PublishOptions {
  /** Absolute path of the crane command. */
  crane: string;
  /** `host:port` of a registry that speaks plain HTTP. */
  registry: string;
  progress: Progress;
  signal?: AbortSignal;
}

/**
 * Pushes an image to a registry as `name:tag`, unless the registry has it already.
 * @throws UserError when the registry cannot be reached or does not take the image.
 */
export async function publishImage(image: BuiltImage, options: PublishOptions): Promise<void> {
  const { crane, registry, progress, signal } = options;
  const reference = `${registry}/${image.name}:${image.tag}`;
  if ((await publishedDigest(image, registry, signal)) === image.digest) return;
  const megabytes = (image.size / 1e6).toFixed(0);
  progress(`image ${image.name}: pushing ${megabytes} MB to ${registry} …`);
  const started = performance.now();
  const push = await execa(crane, ['push', '--insecure', image.layout, reference], {
    all: true,
    reject: false,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  if (push.failed) {
    throw new UserError({
      what: `The image ${reference} could not be pushed: ${push.all === '' ? messageOf(push) : push.all}`,
      where: registry,
      fix: 'Make sure that the registry runs, has room, and accepts pushes over plain HTTP',
    });
  }
  progress(`image ${image.name}: pushed in ${seconds(performance.now() - started)}`);
}

/** What the registry has under the image's name and tag; undefined when it has nothing, or does not say. */
async function publishedDigest(image: BuiltImage, registry: string, signal?: AbortSignal): Promise<string | undefined> {
  const response = await fetch(`http://${registry}/v2/${image.name}/manifests/${image.tag}`, {
    method: 'HEAD',
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
    ...(signal === undefined ? {} : { signal }),
  }).catch((thrown: unknown) => {
    throw new UserError({
      what: `The registry does not answer: ${messageOf(thrown)}`,
      where: registry,
      fix: 'Start the cluster, or correct the registry address',
    });
  });
  return response.ok ? (response.headers.get('docker-content-digest') ?? undefined) : undefined;
}
