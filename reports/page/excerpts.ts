import type { Histories } from '../../helpers/verdict/evaluate.ts';

export interface Excerpt {
  /** e.g. `first-tool-call#12`. */
  reference: string;
  /** The line, cut to a readable length. */
  text: string;
}

/** Lines of evidence that are shown for a check; the histories have them all. */
const LINES = 2;

/** Letters of a line that are shown. */
const LENGTH = 600;

/** The first lines of a history that a check names as its evidence. Those that are not there are left out. */
export function excerptsOf(references: readonly string[], histories: Histories | undefined): Excerpt[] {
  return references.slice(0, LINES).flatMap((reference) => {
    const [, experiment = '', traffic, line] = /^(.*?)(\/traffic)?#(\d+)$/.exec(reference) ?? [];
    const history = histories?.get(experiment);
    const record = traffic === undefined ? history?.records[Number(line) - 1] : history?.traffic.record(Number(line));
    if (record === undefined) return [];
    const text = JSON.stringify(record);
    return [{ reference, text: text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text }];
  });
}
