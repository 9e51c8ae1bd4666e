import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { filesBelow } from '../files.ts';
import { History } from '../history/history.ts';
import { mergedRecord, shardRecord } from '../run/shards/record.ts';
import { declaredTarget, type DeclaredTarget } from './declared-target.ts';
import { evaluateStandard } from './evaluate.ts';
import { appliesTo } from './standards.ts';
import type { RunVerdict, Standard, StandardVerdict } from './types.ts';
import { machineFiles } from './views/files.ts';

/** Below a run's folder: the evidence that standards ask for. */
const EVIDENCE = 'evidence';

/** What verdicts and their views need of `run.json`. */
const runFile = z.object({
  id: z.string(),
  complete: z.boolean(),
  provider: z.string().optional(),
  kubernetesVersion: z.string().optional(),
  /** Name of the target. */
  target: z.string().optional(),
  targetKind: z.string().optional(),
  startedAt: z.string().optional(),
  endedAt: z.string().optional(),
  command: z.string().optional(),
  seatrialVersion: z.string().optional(),
  /** Files of the run that its reporters made; see `reports/views.ts`. */
  views: z.array(z.string()).optional(),
  reason: z.string().optional(),
  shard: shardRecord.optional(),
  troubles: z.array(z.string()).optional(),
  merged: mergedRecord.optional(),
});

/** What `run.json` says of a run. */
export type RunAbout = z.infer<typeof runFile>;

/** What a run left behind, read back. */
export interface StoredRun {
  id: string;
  /** False when the run was cut off, or when nothing says that it was not. */
  complete: boolean;
  provider?: string;
  kubernetesVersion?: string;
  /** All that `run.json` says; undefined when it cannot be read. */
  about: RunAbout | undefined;
  /** The run's own target first, then others by name. */
  targets: { declared: DeclaredTarget; histories: ReadonlyMap<string, History> }[];
}

/** Reads `run.json` and all histories of a run folder. What cannot be read makes verdicts inconclusive, never an error here. */
export function readRunFolder(runFolder: string): StoredRun {
  const about = readRunAbout(runFolder);
  const experiments = join(runFolder, 'experiments');
  const named = about?.target === undefined ? [] : [about.target];
  const names = [...new Set([...named, ...foldersIn(experiments)])];
  return {
    id: about?.id ?? basename(resolve(runFolder)),
    complete: about?.complete ?? false,
    ...(about?.provider === undefined ? {} : { provider: about.provider }),
    ...(about?.kubernetesVersion === undefined ? {} : { kubernetesVersion: about.kubernetesVersion }),
    about,
    targets: names.map((name) => {
      const histories = readHistories(join(experiments, name));
      const kind = name === about?.target ? about.targetKind : undefined;
      const nothing: DeclaredTarget = { name, kind, releases: [], kubernetesVersions: [], notApplicable: {} };
      return { declared: declaredTarget(histories) ?? nothing, histories };
    }),
  };
}

/** Judges a stored run by each standard that is for its kind of target. Pure but for the reading: no clock, no environment. */
export function judgeRun(run: StoredRun, standards: readonly Standard[]): RunVerdict {
  return {
    schema: 'https://seatrial.dev/schemas/verdict/v1',
    run: run.id,
    complete: run.complete,
    standards: run.targets.flatMap(({ declared, histories }) =>
      standards
        .filter((standard) => appliesTo(standard, declared.kind))
        .map((standard) => evaluateStandard(standard, histories, declared)),
    ),
  };
}

/**
 * The files that follow from a run's histories, by name: `verdict.json`, a scorecard for each standard (and target, when
 * there are several), `scorecard.md`, the first of them, and below `evidence` what a standard asks for beside its scorecard.
 */
export function verdictFiles(
  verdict: RunVerdict,
  standards: readonly Standard[],
  targets: StoredRun['targets'] = [],
): Map<string, string> {
  const files = new Map([['verdict.json', `${JSON.stringify(verdict, null, 2)}\n`]]);
  for (const judged of verdict.standards) {
    const standard = standards.find(({ id }) => id === judged.standard);
    if (standard === undefined) continue;
    const first = `scorecard-${standard.id}.md`;
    const content = standard.scorecard(judged, verdict);
    files.set(files.has(first) ? `scorecard-${standard.id}-${judged.target}.md` : first, content);
    if (!files.has('scorecard.md')) files.set('scorecard.md', content);
    for (const [path, text] of evidenceOf(judged, standard, verdict, targets)) files.set(path, text);
  }
  return files;
}

/** Everything that follows from a run's histories: `verdictFiles`, and the same verdict for machines. */
export function runFiles(
  run: StoredRun,
  standards: readonly Standard[],
): { verdict: RunVerdict; files: Map<string, string> } {
  const verdict = judgeRun(run, standards);
  return { verdict, files: new Map([...verdictFiles(verdict, standards, run.targets), ...machineFiles(verdict, run)]) };
}

/** Below the folder of evidence of a run; that of targets beside the run's own has a folder for each of them. */
function evidenceOf(
  judged: StandardVerdict,
  standard: Standard,
  verdict: RunVerdict,
  targets: StoredRun['targets'],
): [path: string, content: string][] {
  const index = targets.findIndex(({ declared }) => declared.name === judged.target);
  const found = targets[index];
  if (standard.evidence === undefined || found === undefined) return [];
  const root = index === 0 ? EVIDENCE : `${EVIDENCE}/${judged.target}`;
  return [...standard.evidence(judged, verdict, found.histories)].map(([path, text]) => [`${root}/${path}`, text]);
}

/** Writes files below a run's folder. Scripts can be started. */
export function writeRunFiles(runFolder: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  for (const [name, content] of files) {
    const file = join(runFolder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode: name.endsWith('.sh') ? 0o755 : 0o644 });
  }
}

/** Writes everything that follows from a run's histories beside them; see `runFiles`. */
export function writeVerdict(runFolder: string, standards: readonly Standard[]): RunVerdict {
  const { verdict, files } = runFiles(readRunFolder(runFolder), standards);
  writeRunFiles(runFolder, files);
  return verdict;
}

/** A file that follows from a run's histories, beside what is stored. */
interface ComparedFile {
  name: string;
  /** What differs; undefined when it is the same byte for byte. */
  difference: string | undefined;
}

/** The files that follow from a run's histories beside those that its folder holds. Changes nothing. */
export function compareVerdictFiles(
  runFolder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): ComparedFile[] {
  const followed = [...files].map(([name, content]) => {
    const file = join(runFolder, name);
    return { name, difference: existsSync(file) ? firstDifference(readFileSync(file), content) : 'was not there' };
  });
  const stored = [
    ...readdirSync(runFolder).filter((name) => /^scorecard.*\.md$/.test(name)),
    ...[EVIDENCE, 'timelines'].flatMap((below) => filesBelow(join(runFolder, below)).map((name) => `${below}/${name}`)),
  ].filter((name) => !files.has(name));
  return [...followed, ...stored.map((name) => ({ name, difference: 'follows from no history' }))];
}

function firstDifference(stored: Buffer, rebuilt: string | Uint8Array): string | undefined {
  if (stored.equals(Buffer.from(rebuilt))) return undefined;
  if (typeof rebuilt !== 'string') return 'differs';
  const [before, after] = [stored.toString().split('\n'), rebuilt.split('\n')];
  const index = before.findIndex((line, at) => line !== after[at]);
  const line = index === -1 ? before.length : index;
  return `differs from line ${String(line + 1)} on: stored ${excerpt(before[line])}, rebuilt ${excerpt(after[line])}`;
}

/** Letters of a line that are shown. */
const EXCERPT = 120;

function excerpt(line: string | undefined): string {
  if (line === undefined) return 'nothing';
  return JSON.stringify(line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line);
}

/** Reads the `run.json` of a run's folder; undefined when that cannot be done. */
export function readRunAbout(runFolder: string): RunAbout | undefined {
  try {
    return runFile.parse(JSON.parse(readFileSync(join(runFolder, 'run.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

function readHistories(folder: string): Map<string, History> {
  return new Map(
    foldersIn(folder).flatMap((experiment) => {
      const history = readHistory(join(folder, experiment, 'history.jsonl'));
      return history === undefined ? [] : [[experiment, history]];
    }),
  );
}

/** A damaged history counts as one of an aborted experiment, so that nothing can pass on it and the reason is told. */
function readHistory(file: string): History | undefined {
  try {
    return History.read(file);
  } catch (thrown) {
    return new History([
      { type: 'end', at: 0, status: 'aborted', error: `its history cannot be read: ${messageOf(thrown)}` },
    ]);
  }
}

/** Names of the folders in `folder`, sorted; none when it does not exist. */
function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}
