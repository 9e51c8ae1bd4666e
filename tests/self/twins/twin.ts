/**
 * A broken twin: a bundled target with one deliberate defect, and exactly what it must turn red. Twins are data, so that one more takes
 * minutes: an entry in a file below `static/` or `live/`, and nothing else.
 */
export interface Twin {
  /** e.g. `stale-configuration`: unique, and the name of the target on trial. */
  name: string;
  /** The one defect, in a sentence. */
  defect: string;
  /** Folder below `fixtures/targets`. */
  target: string;
  /** The experiment that finds it; without a cluster where that needs none. */
  experiment: string;
  /** The release with the defect, where looking at the others as well would only take time. */
  release?: string;
  /** What makes the defect of a copy of the target's files. */
  patches: readonly Patch[];
  /**
   * The checks of the experiment that must turn red, by their ids, with what they must say: `VERDICT: SEEN`. All others have to stay as they
   * are without the defect.
   */
  red: Readonly<Record<string, RegExp>>;
  /** Checks that the same defect may turn red too, as chance has it, with the reason. `config.plugin.*` names all that begin so. */
  mayTurnRed?: Readonly<Record<string, string>>;
}

/** A change of one file, or of several that are one defect together. */
export type Patch = { file: string } & (
  | { from: string | RegExp; to: string }
  /** Values by their fields, e.g. `resources.limits.memory`; `undefined` takes a field away. */
  | { set: Readonly<Record<string, unknown>> }
  /** A file that the target does not have. */
  | { text: string }
  /** The file or folder goes. */
  | { gone: true }
);

/** What is said of some checks, by their full ids: those of a family begin alike. */
export function ofFamily<T>(family: string, checks: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(checks).map(([id, value]) => [`${family}.${id}`, value]));
}
