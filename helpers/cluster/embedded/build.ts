import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../../errors.ts';
import { withFileLock } from '../../file-lock.ts';
import { seconds } from '../../format.ts';
import type { Progress } from '../provider.ts';
import { findGo } from './go.ts';
import { bootPartNames, goArch, part, type BootPartName, type Part, type PartName } from './parts.ts';

const modules = join(import.meta.dirname, 'modules');

/**
 * A module that wants a newer Go than the machine has gets it: Go fetches it as it fetches modules, and checks its digest. Where that must
 * not be, `GOTOOLCHAIN` of the machine says `local`; it is set aside, for without it such a part could not be built at all.
 */
const goEnvironment = { GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'auto' };

/** Folder of each part's commands, as promises: what boots first need not wait for what is built last. */
export type Binaries = Record<BootPartName, Promise<string>>;

/**
 * Builds what is not in the cache, one part after the other (each build uses all cores), and says how far it is.
 * A part's key covers its sources, the pinned modules and the flags; a second call builds nothing.
 */
export function buildParts({ cacheFolder, progress }: { cacheFolder: string; progress: Progress }): Binaries {
  let queue: Promise<unknown> = Promise.resolve();
  const enter = (name: BootPartName): [BootPartName, Promise<string>] => {
    const built = queue.then(() => ensurePart(name, { cacheFolder, progress }));
    // The queue goes on behind a failed part; whoever awaits that part gets its error.
    queue = built.catch(() => undefined);
    return [name, built];
  };
  return Object.fromEntries(bootPartNames.map(enter)) as Binaries;
}

/** Folder of one part's commands; built now if the cache does not have it. */
export async function ensurePart(
  name: PartName,
  { cacheFolder, progress }: { cacheFolder: string; progress: Progress },
): Promise<string> {
  const folder = partFolder(cacheFolder, part(name));
  if (existsSync(folder)) return folder;
  const build = () =>
    existsSync(folder) ? Promise.resolve(folder) : buildPart(part(name), folder, { cacheFolder, progress });
  return withFileLock(folder, build, () => {
    progress(`another process is building ${name}: waiting for it`);
  });
}

/** Folder of a part's commands in the cache, whether it has been built or not. */
export function partFolder(
  cacheFolder: string,
  { name, module, packages, ldflags, aliases = [], copies }: Part,
): string {
  const made = [goArch, packages, ldflags, aliases, ...(copies === undefined ? [] : [copies])];
  const key = createHash('sha256').update(JSON.stringify(made));
  for (const file of sourcesOf(module, packages)) key.update(relative(modules, file)).update(readFileSync(file));
  return join(cacheFolder, 'bin', `${name}-${key.digest('hex').slice(0, 16)}`);
}

function sourcesOf(module: Part['module'], packages: string[]): string[] {
  const own = packages
    .filter((path) => path.startsWith('./'))
    .flatMap((path) => readdirSync(join(modules, module, path)).map((file) => join(modules, module, path, file)));
  return [join(modules, module, 'go.mod'), join(modules, module, 'go.sum'), ...own.sort()];
}

async function buildPart(
  { name, module, packages, ldflags, aliases = [], copies = [], expectedSeconds }: Part,
  folder: string,
  { cacheFolder, progress }: { cacheFolder: string; progress: Progress },
): Promise<string> {
  const go = await findGo(cacheFolder, progress);
  const draft = `${folder}.${String(process.pid)}`;
  mkdirSync(draft, { recursive: true });
  const started = performance.now();
  const tell = () => {
    progress(
      `building ${name}: ${seconds(performance.now() - started)} of about ${String(expectedSeconds)} s on two cores when cold`,
    );
  };
  tell();
  const ticker = setInterval(tell, 30_000);
  try {
    await execa(
      go,
      [
        'build',
        '-trimpath',
        '-buildvcs=false',
        '-ldflags',
        ['-s', '-w', ...ldflags].join(' '),
        '-o',
        `${draft}/`,
        ...packages,
      ],
      {
        cwd: join(modules, module),
        env: { CGO_ENABLED: '0', ...goEnvironment },
      },
    );
    for (const alias of aliases) symlinkSync(basename(packages[0] ?? name), join(draft, alias));
    for (const { module: source, from, to } of copies)
      cpSync(join(await moduleFolder(go, source, join(modules, module)), from), join(draft, to), { recursive: true });
    renameSync(draft, folder);
  } catch (thrown) {
    rmSync(draft, { recursive: true, force: true });
    throw new UserError({
      what: `${name} could not be built: ${String((thrown as { stderr?: string }).stderr ?? thrown)
        .split('\n')
        .slice(-5)
        .join('\n')}`,
      where: `Go module ${relative(process.cwd(), join(modules, module))}`,
      fix: 'check that the Go module proxy is reachable (GOPROXY) and that 10 GB of disk are free, then run again: finished parts are kept',
    });
  } finally {
    clearInterval(ticker);
  }
  progress(`built ${name} in ${seconds(performance.now() - started)}`);
  return folder;
}

/** Where the Go command keeps the sources of a module that it has built from. */
async function moduleFolder(go: string, module: string, cwd: string): Promise<string> {
  const { stdout } = await execa(go, ['list', '-m', '-f', '{{.Dir}}', module], { cwd, env: goEnvironment });
  return stdout;
}
