import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { applyObjects } from '../../kubernetes/apply.ts';
import { Kube } from '../../kubernetes/kube.ts';
import type { KubeObject } from '../../kubernetes/resources.ts';
import { waitUntil } from '../../wait.ts';
import { fluxIsReady } from '../flux.ts';
import type { GitHosting } from '../provider.ts';
import { manifest } from './addons.ts';
import { ensurePart } from './build.ts';
import { contentTag, pushImage, registryOf, type StaticImage } from './images.ts';
import { infraNamespace } from './layout.ts';
import { namespaceCommand } from './network.ts';
import type { OnDemandPart, PartContext } from './on-demand.ts';
import { debianFolder, installMissing } from './packages.ts';
import { fluxControllers } from './parts.ts';
import { objectsInFile } from './upstream.ts';

/** The command that answers Git clients comes with Git itself. */
const git = { git: '/usr/lib/git-core/git-http-backend' };
/** The machine's certificate authorities: a controller that fetches over TLS needs them. */
const certificates = '/etc/ssl/certs/ca-certificates.crt';
/** The controllers are small and take a second to start; on a busy machine some more. In ms. */
const readyWithinMs = 120_000;

/** Flux (source-, kustomize- and helm-controller), and what it takes to serve Git repositories to it. */
export const flux: OnDemandPart = {
  expectedSeconds: { cold: 200, warm: 10 },

  async prepare({ options, progress }) {
    await installMissing(git, options, progress);
    await ensurePart('flux', { cacheFolder: options.cacheFolder, progress });
  },

  async install(context) {
    const { access, options, progress } = context;
    const folder = await ensurePart('flux', { cacheFolder: options.cacheFolder, progress });
    const crds = readdirSync(join(folder, 'crds')).sort();
    const values = await pushControllerImages(context, folder);
    const kube = Kube.connect(access);
    await applyObjects(kube, [
      ...crds.flatMap((name) => objectsInFile(join(folder, 'crds', name))),
      ...(manifest('flux.yaml', values) as unknown[] as KubeObject[]),
    ]);
    await waitUntil('Flux is ready', () => fluxIsReady(kube), { timeoutMs: readyWithinMs, everyMs: 100 });
    return { git: hosting(context) };
  },
};

async function pushControllerImages(
  { access, progress }: PartContext,
  folder: string,
): Promise<Record<string, string>> {
  const { registry, crane } = registryOf(access);
  const images: Record<string, string> = {};
  for (const name of fluxControllers) {
    const image: StaticImage = {
      name: `seatrial/${name}`,
      tag: contentTag(folder),
      files: {
        [`/${name}`]: join(folder, name),
        ...(existsSync(certificates) ? { [certificates]: certificates } : {}),
      },
      entrypoint: `/${name}`,
    };
    images[`${name.toUpperCase().replace('-', '_')}_IMAGE`] = await pushImage(registry, crane, image, progress);
  }
  return images;
}

/** Repositories are served from within the cluster's own network; the server ends with the process that started it, however that ends. */
function hosting({ cluster, options }: PartContext): GitHosting {
  const folder = join(cluster.state, 'git');
  mkdirSync(folder, { recursive: true });
  const busybox = join(debianFolder(options.cacheFolder), 'bin/busybox');
  const [command, args] = namespaceCommand(infraNamespace, ['setpriv', '--pdeathsig=KILL', busybox, 'httpd', '-f']);
  return { folder, address: cluster.addresses.infra, server: [command, ...args] };
}
