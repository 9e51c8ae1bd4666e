/** What every runbook has to say, whatever failure it is for. */
export const topics = ['symptoms', 'diagnosis', 'remedy', 'verification', 'escalation'] as const;

export type Topic = (typeof topics)[number];

/** What a runnable block is for: it exits with 0 when the symptom is there, the remedy was applied, or all is well again. */
export const roles = ['detect', 'remedy', 'verify'] as const;

export type Role = (typeof roles)[number];

/** A shell block that Seatrial runs. */
export interface Block {
  role: Role;
  /** Line of its fence in the file. */
  line: number;
  script: string;
}

/** A Markdown file that says what to do about one failure, or several. */
export interface Runbook {
  /** Relative to the folder of runbooks. */
  file: string;
  /** Ids of the failures. */
  failures: string[];
  severity: string | undefined;
  /** What the runbook itself promises, in ms. */
  limits: { detectMs?: number; recoverMs?: number };
  /** Topics that have a section with something in it. */
  topics: Topic[];
  blocks: Block[];
  /** What is wrong with it, as `LINE: what`; it can be used nevertheless. */
  mistakes: string[];
}
