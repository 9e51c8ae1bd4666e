import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProviderName } from '../cluster/provider.ts';
import { loadOptions } from '../config/options.ts';
import { isRunId, newRunId } from './id.ts';
import type { MergedRecord, ShardRecord } from './shards/record.ts';
import { version } from './version.ts';

const repository = join(import.meta.dirname, '..', '..');

/** Where every run has its folder. */
export const runsFolder = runsAsked() ?? join(repository, 'reports', 'runs');

/** Mistakes in the options are told by who cannot do without them. */
function runsAsked(): string | undefined {
  try {
    return loadOptions().runs;
  } catch {
    return undefined;
  }
}

/** One start of the suite. The main process makes it, its workers inherit it through the environment. */
export interface Run {
  id: string;
  /** `reports/runs/ID`, absolute. */
  folder: string;
  /** Process id of the main process: while it lives, so does the run. */
  owner: number;
}

/** `run.json`: what the run itself knows; verdicts stand elsewhere. */
export interface RunRecord {
  id: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  endedAt?: string;
  /** False until the run has ended by itself: a killed run leaves it so. */
  complete: boolean;
  provider?: ProviderName;
  /** Why that provider was chosen. */
  reason?: string;
  kubernetesVersion?: string;
  /** Name of the target. */
  target?: string;
  /** Kind of the target. */
  targetKind?: string;
  /** Reports that were made of the run, relative to its folder. */
  views?: string[];
  /** Only in one shard of several: which one, and what all of them were asked for. */
  shard?: ShardRecord;
  /** Only in a shard: what went wrong there otherwise than by a check. */
  troubles?: string[];
  /** Only in a run that was put together from shards. */
  merged?: MergedRecord;
  seatrialVersion: string;
  command: string;
}

/**
 * The run that this process belongs to: begins one in the main process, joins it in a worker. `command` is what the person typed.
 * The folder is made by `beginRun`, so that merely listing tests leaves nothing behind.
 */
export function currentRun(): Run {
  const inherited = inheritedRun();
  if (inherited !== undefined) return inherited;
  const id = mergedRun() ?? newRunId();
  process.env.SEATRIAL_RUN_ID = id;
  process.env.SEATRIAL_RUN_OWNER = String(process.pid);
  return { id, folder: join(runsFolder, id), owner: process.pid };
}

/** The variable by which `seatrial merge` names the run that is to be judged: it has its folder and all of its histories already. */
export const MERGED_RUN = 'SEATRIAL_MERGED_RUN';

/** It is meant for one process: whatever that starts is a run of its own. */
function mergedRun(): string | undefined {
  const id = process.env[MERGED_RUN] ?? '';
  Reflect.deleteProperty(process.env, MERGED_RUN);
  return isRunId(id) ? id : undefined;
}

/** Only the owner and its children take part in a run: a suite that is started from within a test is a run of its own. */
function inheritedRun(): Run | undefined {
  const id = process.env.SEATRIAL_RUN_ID ?? '';
  const owner = Number(process.env.SEATRIAL_RUN_OWNER);
  if (!isRunId(id) || (owner !== process.pid && owner !== process.ppid)) return undefined;
  return { id, folder: join(runsFolder, id), owner };
}

/** Makes the run's folder and writes `run.json`; once per run, by its owner. */
export function beginRun(run: Run, facts: { command: string; target?: string; targetKind?: string }): RunRecord {
  mkdirSync(run.folder, { recursive: true });
  return write(run, {
    id: run.id,
    startedAt: new Date().toISOString(),
    complete: false,
    seatrialVersion: version,
    ...facts,
  });
}

/** Adds to `run.json` what was found out meanwhile. */
export function updateRun(
  run: Pick<Run, 'folder'>,
  facts: Partial<
    Pick<RunRecord, 'provider' | 'reason' | 'kubernetesVersion' | 'target' | 'views' | 'shard' | 'troubles'>
  >,
): RunRecord {
  return write(run, { ...readRun(run.folder), ...facts });
}

/** Closes `run.json`. `complete` is false when the run was interrupted. */
export function endRun(run: Pick<Run, 'folder'>, { complete }: { complete: boolean }): RunRecord {
  return write(run, { ...readRun(run.folder), endedAt: new Date().toISOString(), complete });
}

/** Reads the `run.json` of a run's folder. @throws Error when there is none. */
function readRun(folder: string): RunRecord {
  return JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord;
}

/** Whether `beginRun` was called for this run. */
export function hasBegun(run: Pick<Run, 'folder'>): boolean {
  return existsSync(join(run.folder, 'run.json'));
}

/** Renamed into place, so that a reader never sees half a file. */
function write(run: Pick<Run, 'folder'>, record: RunRecord): RunRecord {
  const draft = join(run.folder, `.run.json.${String(process.pid)}`);
  writeFileSync(draft, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(draft, join(run.folder, 'run.json'));
  return record;
}
