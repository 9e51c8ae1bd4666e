import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { loadOptions } from '../../../helpers/config/options.ts';
import { unpackLayer } from '../../../helpers/images/archive.ts';
import { buildImage } from '../../../helpers/images/build.ts';

const descriptor = z.object({ digest: z.string() });
const index = z.object({ manifests: z.tuple([descriptor]) });
const manifest = z.object({ config: descriptor, layers: z.array(descriptor) });
const configuration = z.object({
  config: z.object({
    User: z.string(),
    Env: z.array(z.string()),
    Entrypoint: z.array(z.string()),
    Cmd: z.array(z.string()).optional(),
    WorkingDir: z.string(),
  }),
});

/** An image as it was built, unpacked to be run without a container engine. */
export interface UnpackedImage extends AsyncDisposable {
  root: string;
  config: z.infer<typeof configuration>['config'];
}

/** Builds the image of a recipe, or takes it from the cache, and unpacks it into a folder that goes with its disposal. */
export async function unpackImage(recipe: string, name: string): Promise<UnpackedImage> {
  const { cacheFolder } = loadOptions();
  const { layout } = await buildImage(recipe, name, { cacheFolder, progress: () => undefined });
  const json = async <T>(schema: z.ZodType<T>, file: string) =>
    schema.parse(JSON.parse(await readFile(join(layout, file), 'utf8')));
  const blob = ({ digest }: { digest: string }) => join('blobs', 'sha256', digest.replace('sha256:', ''));
  const { layers, config } = await json(manifest, blob((await json(index, 'index.json')).manifests[0]));
  const root = await mkdtemp(join(tmpdir(), 'seatrial-image-'));
  for (const layer of layers) await unpackLayer(join(layout, blob(layer)), root);
  return {
    root,
    config: (await json(configuration, blob(config))).config,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

/** Mounts of the process's own: a root that cannot be written to, as on a cluster, and what every container has. */
const PREPARED = [
  'mount --bind "$0" "$0"',
  'mount --rbind /proc "$0/proc"',
  'mount -t tmpfs tmpfs "$0/tmp"',
  'chmod 1777 "$0/tmp"',
  'mount -t tmpfs tmpfs "$0/dev"',
  'for device in null zero random urandom; do touch "$0/dev/$device"; mount --bind "/dev/$device" "$0/dev/$device"; done',
  'mkdir "$0/dev/shm"',
  'mount -t tmpfs tmpfs "$0/dev/shm"',
  'mount -o remount,bind,ro "$0"',
  'exec chroot "$0" "$@"',
].join(' && ');

/** The image's command as a process of this machine, as the image's user. It dies with this process. */
export function startImage(image: UnpackedImage, env: Record<string, string>) {
  const { Entrypoint, Cmd = [] } = image.config;
  return runInImage(image, [...Entrypoint, ...Cmd], env);
}

/** Another command in the place of the image's own. */
export function runInImage({ root, config }: UnpackedImage, command: readonly string[], env: Record<string, string>) {
  const [uid = '', gid = ''] = config.User.split(':');
  const user = ['setpriv', '--reuid', uid, '--regid', gid, '--clear-groups', '--pdeathsig', 'KILL', '--'];
  const variables = [...config.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const started = ['env', '-i', '-C', config.WorkingDir, ...variables, ...command];
  return execa('unshare', ['--mount', 'sh', '-c', PREPARED, root, ...user, ...started], {
    all: true,
    reject: false,
    stdin: 'ignore',
    // Whoever does not stop when asked to is ended.
    forceKillAfterDelay: 30_000,
  });
}

/** Ports of this machine that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
