import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { isRunId } from '../run/id.ts';
import { readVerdict } from '../verdict/verdict-file.ts';
import type { RunVerdict } from '../verdict/types.ts';

const runFile = z.object({
  target: z.string().optional(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
});

/** A run as far as an answer depends on it. */
export interface KnownRun {
  id: string;
  folder: string;
  /** Of the run itself; others may have histories in it, too. */
  target?: string | undefined;
  /** In ms since the epoch. */
  startedAt?: number | undefined;
  endedAt?: number | undefined;
  /** Its verdict; or why there is none that could be read, for example since it is under way. */
  verdict: RunVerdict | { problem: string };
}

/** The runs below a folder. A verdict is read once, as long as its file stays the same. */
export class Runs {
  readonly #folder: string;
  readonly #read = new Map<string, { state: string; run: KnownRun }>();

  /** @param folder `reports/runs`. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The newest first; each is read when it is asked for. */
  *newestFirst(): Generator<KnownRun> {
    const ids = existsSync(this.#folder) ? readdirSync(this.#folder).filter(isRunId) : [];
    // Ids begin with the moment of the start, in UTC.
    for (const id of ids.toSorted().toReversed()) {
      const run = this.byId(id);
      if (run !== undefined) yield run;
    }
  }

  byId(id: string): KnownRun | undefined {
    const folder = join(this.#folder, id);
    if (!isRunId(id) || !existsSync(join(folder, 'run.json'))) return undefined;
    const state = ['run.json', 'verdict.json'].map((name) => stateOf(join(folder, name))).join(' ');
    const known = this.#read.get(id);
    if (known?.state === state) return known.run;
    const run = readRun(id, folder);
    this.#read.set(id, { state, run });
    return run;
  }
}

function stateOf(file: string): string {
  if (!existsSync(file)) return 'none';
  const { mtimeMs, size, ino } = statSync(file);
  return `${String(mtimeMs)}/${String(size)}/${String(ino)}`;
}

function readRun(id: string, folder: string): KnownRun {
  const about = attempt(() => runFile.parse(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))));
  const { target, startedAt, endedAt } = 'value' in about ? about.value : {};
  const moment = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
  const file = join(folder, 'verdict.json');
  const read = existsSync(file)
    ? attempt(() => readVerdict(file))
    : { problem: 'it has no verdict: it is under way, or was killed' };
  return {
    id,
    folder,
    target,
    startedAt: moment(startedAt),
    endedAt: moment(endedAt),
    verdict: 'value' in read ? read.value : read,
  };
}

function attempt<T>(work: () => T): { value: T } | { problem: string } {
  try {
    return { value: work() };
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}
