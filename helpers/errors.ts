/** What a person needs to repair a mistake: what is wrong, where it stands, and what to do about it. */
export interface Mistake {
  /** One sentence: what is wrong. */
  what: string;
  /** File and field, option, environment variable or object that holds the mistake, e.g. `target.yaml:12 releases[0].chart`. */
  where?: string;
  /** What to change or to run. */
  fix: string;
}

/**
 * A mistake in the input or in the machine's set-up, not a bug of Seatrial: it is shown without a stack trace.
 * Thrown before anything is touched wherever the mistake can be known by then.
 */
export class UserError extends Error {
  readonly mistakes: readonly Mistake[];

  constructor(...mistakes: [Mistake, ...Mistake[]]) {
    super(mistakes.map(describe).join('\n'));
    this.name = 'UserError';
    this.mistakes = mistakes;
    // Where in Seatrial's code a mistake of the input was noticed helps nobody.
    this.stack = `${this.name}: ${this.message}`;
  }
}

function describe({ what, where, fix }: Mistake): string {
  return [what, ...(where === undefined ? [] : [`  where: ${where}`]), `  fix:   ${fix}`].join('\n');
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
