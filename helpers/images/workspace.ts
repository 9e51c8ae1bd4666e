import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processStartTime } from '../cluster/leases.ts';

const PREFIX = '.build-';

/**
 * Fills a folder of the cache at once or not at all: `fill` writes into a temporary folder beside it, which is renamed when done and
 * removed when not. What killed builds left behind is removed first.
 */
export async function fillOnce(folder: string, parent: string, fill: (draft: string) => Promise<void>): Promise<void> {
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent);
  const draft = await mkdtemp(join(parent, `${PREFIX}${String(process.pid)}-${processStartTime(process.pid) ?? '0'}-`));
  try {
    await fill(draft);
    await rename(draft, folder).catch(ignoreIfThere);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Two runs may build the same content at the same time; the second one's copy is as good as the first one's. */
function ignoreIfThere(thrown: unknown): void {
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw thrown;
}

async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const [, pid, started] = /^\.build-(\d+)-(\d+)-/.exec(name) ?? [];
    if (pid === undefined || processStartTime(Number(pid)) === started) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}
