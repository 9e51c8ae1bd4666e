import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { ensurePart } from '../cluster/embedded/build.ts';
import { findHelm } from '../cluster/tools.ts';
import { namesIn } from '../files.ts';
import { version } from '../run/version.ts';
import { buildImage } from './build.ts';
import type { BuildOptions, BuiltImage } from './build.ts';

const repository = join(import.meta.dirname, '../..');

/** Where the suite stands in its image, and where the commands that it calls. */
const SUITE = '/opt/seatrial';
const TOOLS = '/opt/tools';

/** Of the repository; of `reports` without what runs left there. */
const PARTS = [
  'bin',
  'fixtures',
  'helpers',
  'tests',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'playwright.config.ts',
];

const lockFile = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })),
});

/**
 * Builds the image of the suite itself, by which it runs inside the cluster under test: its own code, the packages that it needs at run time,
 * Node, helm, kubectl and Git. It needs what images of targets need (root, mmdebstrap), and Go where helm or kubectl have to be built.
 * @throws UserError when the machine lacks a tool.
 */
export async function buildSuiteImage(options: BuildOptions): Promise<BuiltImage> {
  const folder = join(options.cacheFolder, 'suite-image');
  await rm(folder, { recursive: true, force: true });
  await stageSuite(folder);
  await stageTools(join(folder, 'tools'), options);
  await writeFile(join(folder, 'image.yaml'), JSON.stringify(recipe(), undefined, 2));
  return buildImage(folder, 'seatrial', options);
}

/** Copies the suite and its packages into `folder/suite`. Exported for its test. */
export async function stageSuite(folder: string, root = repository): Promise<void> {
  const suite = join(folder, 'suite');
  await mkdir(suite, { recursive: true });
  const reports = namesIn(join(root, 'reports')).filter(
    (name) => !/^(runs|latest.*|allure-history\.jsonl)$/.test(name),
  );
  for (const part of [...PARTS, ...reports.map((name) => `reports/${name}`)])
    await cp(join(root, part), join(suite, part), { recursive: true, force: true });
  for (const path of await runtimePackages(root))
    await cp(join(root, path), join(suite, path), {
      recursive: true,
      dereference: true,
      // Packages below packages are copied as what they are: some of them are for development only.
      filter: (source) => basename(source) !== 'node_modules',
    });
}

/** Folders of the installed packages that are not for development alone. Node itself comes as a command. */
async function runtimePackages(root: string): Promise<string[]> {
  const { packages } = lockFile.parse(JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')));
  const wanted = Object.entries(packages).filter(
    ([path, { dev }]) => path !== '' && dev !== true && !/^node_modules\/node(\/|$)/.test(path),
  );
  // Packages for other systems are locked, and not installed.
  return wanted.map(([path]) => path).filter((path) => existsSync(join(root, path, 'package.json')));
}

async function stageTools(folder: string, { cacheFolder, progress }: BuildOptions): Promise<void> {
  await mkdir(folder, { recursive: true });
  const helm = await findHelm({ cacheFolder, progress });
  const { stdout: helmFile } = await execa('sh', ['-c', 'command -v "$0"', helm]);
  const kubectl = join(await ensurePart('kubectl', { cacheFolder, progress }), 'kubectl');
  for (const [name, file] of Object.entries({ node: process.execPath, helm: helmFile.trim(), kubectl }))
    await cp(file, join(folder, name), { dereference: true });
  await writeFile(join(folder, 'allure'), `#!/bin/sh\nexec node ${SUITE}/node_modules/allure/cli.js "$@"\n`);
  for (const name of namesIn(folder)) await chmod(join(folder, name), 0o755);
}

function recipe() {
  return {
    version,
    base: { suite: 'trixie', packages: ['ca-certificates', 'git', 'libstdc++6'] },
    files: [
      { from: 'suite', to: SUITE },
      { from: 'tools', to: TOOLS, mode: '0755' },
    ],
    user: '10001:10001',
    env: { PATH: `${TOOLS}:/usr/bin:/bin`, HOME: '/tmp', CI: 'true' },
    entrypoint: ['node', `${SUITE}/bin/trial-job.js`],
    workdir: '/tmp',
    // A run that is interrupted takes away what it made; one that is terminated does not.
    stopSignal: 'SIGINT',
  };
}
