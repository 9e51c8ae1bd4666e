import type { Passage } from './read.ts';

/** What documents say of an upgrade, whatever they call it. */
export const words = {
  upgrade: /\bupgrad|\bupdat/i,
  rollback: /\b(roll(ed|s|ing)?[ -]?back|revert|downgrad|undo)/i,
  upgradeCommand: /\bhelm\b[^\n]*\bupgrade\b|\bflux reconcile\b|\bgit (push|commit)\b|\bkubectl apply\b/,
  // `--rollback-on-failure` is a flag of an upgrade.
  rollbackCommand: /\bhelm\b[^\n]*\srollback\b|\bgit revert\b|\bflux (suspend|resume)\b/,
} as const;

/** The passages of a document, and ways to ask for some of them. */
export class Passages {
  readonly all: readonly Passage[];

  constructor(all: readonly Passage[]) {
    this.all = all;
  }

  headings(pattern: RegExp): Passage[] {
    return this.all.filter(({ kind, text }) => kind === 'heading' && pattern.test(text));
  }

  /** Prose (neither code nor headings) that speaks of it, anywhere or below a heading that fits. */
  prose(pattern: RegExp, heading?: RegExp): Passage[] {
    return this.all.filter(
      (passage) =>
        passage.kind !== 'code' &&
        passage.kind !== 'heading' &&
        pattern.test(passage.text) &&
        isBelow(passage, heading),
    );
  }

  /** Code blocks, and `code` in prose, that hold such a command. */
  commands(pattern: RegExp, heading?: RegExp): Passage[] {
    return this.all.filter((passage) => pattern.test(codeOf(passage)) && isBelow(passage, heading));
  }
}

export function isBelow({ under }: Passage, heading: RegExp | undefined): boolean {
  return heading === undefined || under.some((title) => heading.test(title));
}

/** What of a passage is meant to be typed. */
export function codeOf({ kind, text }: Passage): string {
  return kind === 'code' ? text : [...text.matchAll(/`([^`]+)`/g)].map(([, inner]) => inner).join('\n');
}
