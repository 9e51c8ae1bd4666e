import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../errors.ts';
import { namesIn } from '../../files.ts';
import { readRunAbout } from '../../verdict/run-folder.ts';
import type { RunAbout } from '../../verdict/run-folder.ts';
import type { ShardRecord } from './record.ts';

/** What one shard of a run left. */
export interface StoredShard {
  folder: string;
  about: RunAbout;
  shard: ShardRecord;
  /** Name of its target, which is a folder's name. */
  target: string;
  /** Experiments on the target that have a folder. */
  experiments: string[];
  /** `host.json`, if there is one. */
  host: unknown;
}

/** A name that is one folder, whoever wrote it. */
const FOLDER = /^[\w-][\w.-]*$/;

const hostCommit = z.object({ commit: z.string(), modified: z.boolean().optional() });

/** @throws UserError when the folder holds no shard of a run. */
export function readShard(folder: string): StoredShard {
  const about = readRunAbout(folder);
  const { shard, target } = about ?? {};
  if (about === undefined || shard === undefined || target === undefined || !FOLDER.test(target)) {
    throw new UserError({
      what: about === undefined ? 'There is no run here, or its run.json cannot be read' : 'This run is no shard',
      where: folder,
      fix: 'name the folders of runs that were started with `npx playwright test --shard=1/N`: each has its run.json',
    });
  }
  const experiments = namesIn(join(folder, 'experiments', target)).filter((name) => FOLDER.test(name));
  return { folder, about, shard, target, experiments, host: readJson(join(folder, 'host.json')) };
}

/** `commit 0123456789ab, with changes that nobody committed`: for people, who know no digests. */
export function commitOf({ host }: Pick<StoredShard, 'host'>): string {
  const known = hostCommit.safeParse(host).data;
  if (known === undefined) return 'an unknown commit';
  return `commit ${known.commit.slice(0, 12)}${known.modified === true ? ', with changes that nobody committed' : ''}`;
}

function readJson(file: string): unknown {
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as unknown) : undefined;
  } catch {
    return undefined;
  }
}
