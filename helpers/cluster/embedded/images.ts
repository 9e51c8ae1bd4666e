import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import type { ClusterAccess, Progress } from '../provider.ts';
import { registryName } from './layout.ts';
import { goArch } from './parts.ts';

/** An image of the cluster's own: static files on nothing. */
export interface StaticImage {
  name: string;
  /** Names the content: another content needs another tag. */
  tag: string;
  /** Source file of each path in the image. */
  files: Record<string, string>;
  entrypoint: string;
  /** Numeric id of who runs it, where the pod does not say; default: root. */
  user?: string;
}

/** Where the cluster's own images lie as nodes name them. */
export interface ClusterImages {
  coredns: string;
  provisioner: string;
  busybox: string;
}

/** Folders of what goes into the cluster's own images. */
export interface ImageSources {
  pause: string;
  coredns: string;
  provisioner: string;
  debian: string;
  crane: string;
}

/** The sandbox image that containerd needs before any pod can start. */
export async function pushPauseImage(
  registry: string,
  { pause, crane }: Pick<ImageSources, 'pause' | 'crane'>,
  progress: Progress,
): Promise<void> {
  await pushImage(
    registry,
    crane,
    { name: 'seatrial/pause', tag: '1', files: { '/pause': join(pause, 'pause') }, entrypoint: '/pause' },
    progress,
  );
}

/** Pushes the images of DNS and storage; those that the registry has already are left alone. */
export async function pushAddonImages(
  registry: string,
  sources: Omit<ImageSources, 'pause'>,
  progress: Progress,
): Promise<ClusterImages> {
  const { coredns, provisioner, debian, crane } = sources;
  const put = (image: StaticImage) => pushImage(registry, crane, image, progress);
  const busybox = join(debian, 'bin/busybox');
  return {
    coredns: await put({
      name: 'seatrial/coredns',
      tag: contentTag(coredns),
      files: { '/coredns': join(coredns, 'coredns') },
      entrypoint: '/coredns',
    }),
    provisioner: await put({
      name: 'seatrial/local-path-provisioner',
      tag: contentTag(provisioner),
      files: { '/local-path-provisioner': join(provisioner, 'local-path-provisioner') },
      entrypoint: '/local-path-provisioner',
    }),
    // A static busybox acts by the name it is called by; these are the commands that the provisioner's scripts use.
    busybox: await put({
      name: 'seatrial/busybox',
      tag: '1',
      files: Object.fromEntries(['sh', 'mkdir', 'rm'].map((name) => [`/bin/${name}`, busybox])),
      entrypoint: '/bin/sh',
    }),
  };
}

/** Where images go to, and the command that brings them there. */
export function registryOf({ registry, crane }: ClusterAccess): { registry: string; crane: string } {
  if (registry === undefined || crane === undefined) throw new Error('the embedded cluster has no registry');
  return { registry: registry.push, crane };
}

/** The content key that a part's folder carries in its name. */
export function contentTag(folder: string): string {
  return basename(folder).slice(-16);
}

/**
 * Makes an image and pushes it, unless the registry has it already.
 * @returns the name by which nodes know it.
 */
export async function pushImage(
  registry: string,
  crane: string,
  { name, tag, files, entrypoint, user }: StaticImage,
  progress: Progress,
): Promise<string> {
  const inside = `${registryName}/${name}:${tag}`;
  const reference = `${registry}/${name}:${tag}`;
  const known = await fetch(`http://${registry}/v2/${name}/manifests/${tag}`, {
    method: 'HEAD',
    headers: {
      accept: 'application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json',
    },
  });
  if (known.ok) return inside;
  progress(`making the image ${name}:${tag}`);
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-image-'));
  try {
    for (const [path, source] of Object.entries(files)) {
      mkdirSync(join(folder, 'root', dirname(path)), { recursive: true });
      copyFileSync(source, join(folder, 'root', path));
    }
    mkdirSync(join(folder, 'root', 'tmp'), { recursive: true });
    // The same content gives the same layer: sorted names, no times, no owners of this machine.
    await execa('tar', [
      '--sort=name',
      '--mtime=@0',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      '-C',
      join(folder, 'root'),
      '-cf',
      join(folder, 'layer.tar'),
      '.',
    ]);
    await execa(crane, ['append', '--insecure', '--oci-empty-base', '-f', join(folder, 'layer.tar'), '-t', reference]);
    await execa(crane, [
      'mutate',
      '--insecure',
      reference,
      '--set-platform',
      `linux/${goArch}`,
      '--entrypoint',
      entrypoint,
      ...(user === undefined ? [] : ['--user', user]),
      '-t',
      reference,
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return inside;
}
