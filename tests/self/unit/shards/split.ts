import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { namesIn } from '../../../../helpers/files.ts';
import type { ShardRecord } from '../../../../helpers/run/shards/record.ts';
import { declaredTarget } from '../../../../helpers/verdict/declared-target.ts';
import { readRunFolder } from '../../../../helpers/verdict/run-folder.ts';
import type { AnyTarget } from '../../../../helpers/target/any.ts';

/** As every shard here has it. */
export const fingerprint: ShardRecord['fingerprint'] = {
  code: 'the code',
  target: 'the target',
  options: { provider: 'kind', nodes: '2' },
};

/** Deals the experiments of a stored run out to `total` folders below `into`, as that many shards would have left them. */
export function split(
  run: string,
  { into, total, shardOf }: { into: string; total: number; shardOf: (index: number) => number },
): string[] {
  const about = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8')) as { id: string; target: string };
  const experiments = namesIn(join(run, 'experiments', about.target));
  const plan = Object.fromEntries(experiments.map((id, index) => [id, shardOf(index)]));
  return Array.from({ length: total }, (_, index) => {
    const current = index + 1;
    const folder = join(into, `shard-${String(current)}`);
    mkdirSync(folder, { recursive: true });
    for (const id of experiments.filter((one) => plan[one] === current))
      cpSync(join(run, 'experiments', about.target, id), join(folder, 'experiments', about.target, id), {
        recursive: true,
      });
    change(folder, () => ({
      ...about,
      id: `${about.id.slice(0, -1)}${String.fromCharCode('a'.charCodeAt(0) + index)}`,
      startedAt: `2026-11-21T10:0${String(index)}:00.000Z`,
      endedAt: `2026-11-21T11:0${String(index)}:00.000Z`,
      command: `npx playwright test --shard=${String(current)}/${String(total)}`,
      shard: { current, total, plan, tests: ['a › b'], fingerprint } satisfies ShardRecord,
    }));
    return folder;
  });
}

/** Writes the `run.json` of a folder anew. */
export function change(folder: string, make: (record: StoredRecord) => object): void {
  const file = join(folder, 'run.json');
  writeFileSync(file, JSON.stringify(make(read(file))));
}

/** What tests change in a `run.json`. */
type StoredRecord = Record<string, unknown> & { shard: ShardRecord };

function read(file: string): StoredRecord {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StoredRecord;
  } catch {
    return {} as StoredRecord;
  }
}

/** The target that the histories of a stored run say they are of. */
export function targetOf(run: string): AnyTarget {
  const [first] = readRunFolder(run).targets;
  const declared = declaredTarget(first?.histories ?? new Map());
  const releases = declared?.releases.map((name) => ({ name }));
  return { ...declared, releases, images: [] } as unknown as AnyTarget;
}
