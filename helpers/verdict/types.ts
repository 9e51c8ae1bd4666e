import type { History } from '../history/history.ts';

/** `inconclusive` is red and says what is missing; `not-applicable` needs a written reason in the target's file. */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'not-applicable';

/** One yes/no statement drawn from a history. Pure: no clock, no file, no cluster. */
export interface Check {
  /** Stable and greppable, e.g. `chart.readme-documents-values`. The same id whatever the verdict. */
  id: string;
  /** A statement that is true when the check passes, e.g. `The README documents every value`. */
  title: string;
  /** What must be seen, with numbers and units, e.g. `0 values without a row in the README`. */
  expected: string;
  /** The experiment whose history the check reads. */
  experiment: string;
  /** Why this threshold, and where it comes from. */
  reason?: string;
  evaluate(history: History): Finding;
}

export interface Finding {
  verdict: Verdict;
  /** What was seen, with numbers and units; for `inconclusive` what is missing, for `not-applicable` the written reason. */
  seen: string;
  /** Lines of the history that carry the finding, e.g. `first-tool-call#12`. */
  evidence?: string[];
}

/** A check together with what was found. */
export interface CheckResult extends Finding {
  id: string;
  title: string;
  expected: string;
  experiment: string;
  reason?: string;
}

export type ItemKind = 'criterion' | 'benchmark' | 'gate';

export type Score = 1 | 2 | 3 | 4 | 5;

/** The rubric of a criterion: the score is the highest level at which all checks of that level and of those below pass. */
export type Levels = Partial<Record<Score, Level>>;

export interface Level {
  /** What a target at this level is like. */
  title: string;
  /** Why these checks stand for this level, and which words of the standard they come from. */
  reason: string;
  checks: Check[];
}

/** One row of a standard's scorecard. */
export type Item = {
  /** e.g. `criterion-1`, `benchmark-1`, `gate-helm-deployment`. */
  id: string;
  kind: ItemKind;
  /** Row number as the scorecard prints it; gates have none. */
  number?: number;
  /** Name of a gate as the scorecard prints it. */
  name?: string;
  /** The criterion, test or pass condition, verbatim. */
  text: string;
} & ({ kind: 'criterion'; levels: Levels } | { kind: 'benchmark' | 'gate'; checks: Check[] });

/** A standard: a folder of specs, this value, and a scorecard template. */
export interface Standard {
  /** Folder name below `tests/`, e.g. `category-8`. */
  id: string;
  title: string;
  /** Kinds of targets that it is for; all of them, unless it says so. */
  targetKinds?: readonly string[];
  items: Item[];
  /** Renders the scorecard to paste, in exactly the shape that the owner gave. Pure. */
  scorecard(verdict: StandardVerdict, run: Pick<RunVerdict, 'run' | 'complete'>): string;
  /**
   * Writes the evidence that the standard asks for, by path below the folder of evidence of a run. Pure: nothing is in it that the histories
   * do not have.
   */
  evidence?(
    verdict: StandardVerdict,
    run: Pick<RunVerdict, 'run' | 'complete'>,
    histories: ReadonlyMap<string, History>,
  ): ReadonlyMap<string, string>;
}

export interface ItemVerdict {
  id: string;
  kind: ItemKind;
  number?: number;
  name?: string;
  text: string;
  /** `not-run`: none of the experiments behind the item has a history in this run; its row stays blank. */
  status: Verdict | 'not-run';
  /** Only criteria have one, and only when a check could be judged. */
  score?: Score;
  /** What the score would be if no check were inconclusive, where that is more: see `scoreOf`. */
  uncapped?: Score;
  /** One line for the scorecard's evidence column. */
  note: string;
  checks: CheckResult[];
  /** For criteria: what stands between this score and the next level. */
  missing?: { level: Score; checks: string[] };
  /** For criteria: the rubric and how far it is met. */
  levels?: LevelVerdict[];
}

export interface LevelVerdict {
  level: Score;
  title: string;
  reason: string;
  /** Ids of the checks. */
  checks: string[];
  /** All checks of this level pass or do not apply; the levels below are not looked at. */
  met: boolean;
}

export interface StandardVerdict {
  standard: string;
  title: string;
  target: string;
  items: ItemVerdict[];
  /** What no row is about and yet has to be known, e.g. what an experiment left behind; absent when there is nothing. */
  remarks?: string[];
}

/** `reports/runs/ID/verdict.json`: what every report is a view of. */
export interface RunVerdict {
  schema: 'https://seatrial.dev/schemas/verdict/v1';
  run: string;
  /** False when the run ended early (Ctrl-C, kill, crash): every view says so on top. */
  complete: boolean;
  standards: StandardVerdict[];
}
