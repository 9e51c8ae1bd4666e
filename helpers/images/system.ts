import { glob, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inside } from './inside.ts';
import type { ImageRecipe } from './recipe.ts';
import { runInRoot, runIsolated } from './sandbox.ts';

/** Never unpacked: documentation and translations. Licences stay, since they have to travel with the software. */
const NOT_UNPACKED = ['doc', 'man', 'info', 'locale', 'lintian', 'linda', 'gtk-doc', 'help', 'bug'].map(
  (name) => `path-exclude=/usr/share/${name}/*`,
);
const LICENCES = 'path-include=/usr/share/doc/*/copyright';
/** Java's installation fails where it cannot link its manual pages into this folder, there or not; removed after the build. */
const MANUALS = 'usr/share/man';

/** Emptied after the build: what differs from one build to the next, or belongs to the machine that the image will run on. */
const EMPTIED = ['dev', 'proc', 'run', 'sys', 'tmp', 'var/cache', 'var/lib/apt/lists', 'var/log', 'var/tmp'];
const REMOVED = [
  MANUALS,
  'etc/hostname',
  'etc/resolv.conf',
  'var/lib/dpkg/diversions-old',
  'var/lib/dpkg/status-old',
  'var/lib/systemd/catalog/database',
  'etc/.pwd.lock',
  'etc/group-',
  'etc/gshadow-',
  'etc/passwd-',
  'etc/shadow-',
];

/**
 * Fills `root` with the essential packages of the Debian release and those of the recipe. The archive is mmdebstrap's own default;
 * packages are verified by apt against the Debian keys of this machine.
 * @returns The packages with their versions, one a line.
 */
export async function buildSystem(root: string, recipe: ImageRecipe, signal?: AbortSignal): Promise<string> {
  const { suite, packages } = recipe.base;
  const options = [
    '--mode=root',
    '--variant=essential',
    '--format=directory',
    '--quiet',
    ...[...NOT_UNPACKED, LICENCES].map((option) => `--dpkgopt=${option}`),
    `--setup-hook=mkdir -p "$1/${MANUALS}/man1"`,
    ...(packages.length === 0 ? [] : [`--include=${packages.join(',')}`]),
  ];
  await runIsolated(['mmdebstrap', ...options, suite, root], { signal, network: true });
  for (const command of recipe.run) await runInRoot(root, command, signal);
  const installed = await runInRoot(root, ['dpkg-query', '-W', '-f', '${Package} ${Version}\\n'], signal);
  await clean(root, recipe.trim);
  if (packages.includes('python3')) await compilePython(root, '/usr/lib', signal);
  return installed;
}

/**
 * Compiles Python modules below `folder` of the image with the image's own interpreter. A container cannot do so later, since its root is
 * read-only; and the default kind of compiled files would be out of date at once, since packing changes the times of the sources.
 */
export async function compilePython(root: string, folder: string, signal?: AbortSignal): Promise<void> {
  // Not `python3 -m compileall`, which fails when any file does not compile: some packages bring templates that are not meant to.
  const script =
    'import compileall, py_compile, sys; ' +
    'compileall.compile_dir(sys.argv[1], quiet=2, force=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)';
  await runInRoot(root, ['python3', '-c', script, folder], signal);
}

/** Removes what matches any of the patterns, which are paths in the image; a pattern without a match is fine. */
export async function removeMatches(root: string, patterns: string[]): Promise<void> {
  const relative = patterns.map((pattern) => pattern.replace(/^\//, ''));
  const found: string[] = [];
  for await (const path of glob(relative, { cwd: root })) found.push(path);
  for (const path of found) await rm(inside(root, path, { follow: false }), { recursive: true, force: true });
}

async function clean(root: string, trim: string[]): Promise<void> {
  await removeMatches(root, [...REMOVED, ...trim]);
  for (const folder of EMPTIED) {
    const place = inside(root, folder);
    await mkdir(place, { recursive: true });
    for (const name of await readdir(place)) await rm(join(place, name), { recursive: true, force: true });
  }
  // Present but empty means: generate one on first boot.
  await writeFile(inside(root, 'etc/machine-id'), '');
}
