import { loadOptions } from '../config/options.ts';
import type { Options } from '../config/options.ts';
import { UserError } from '../errors.ts';
import { kindAt } from '../target/kind.ts';
import type { TargetKind } from '../target/any.ts';
import { appliesTo, loadStandards } from '../verdict/standards.ts';

/** Standards that are for other kinds of targets than the one on trial. */
export interface LeftOut {
  /** Patterns of their specs, relative to `tests`. */
  specs: string[];
  /** One sentence for each, for the person who watches. */
  reasons: string[];
}

/**
 * Which standards a run leaves out, since they are for another kind of target. None where that cannot be known: mistakes in the options, in
 * the target or in a standard itself are told by those who stumble over them.
 */
export async function leftOutStandards(kind = kindOnTrial()): Promise<LeftOut> {
  const standards = await loadStandards().catch(() => []);
  const others = standards.filter((standard) => !appliesTo(standard, kind));
  return {
    specs: others.map(({ id }) => `${id}/**`),
    reasons: others.map(
      ({ title, targetKinds = [] }) =>
        `${title} is left out: it is for targets of kind ${targetKinds.join(', ')}, and this one is of kind ${kind ?? ''}`,
    ),
  };
}

function kindOnTrial(): TargetKind | undefined {
  const { target } = askedFor();
  return target === undefined ? undefined : kindAt(target);
}

/** What reports need of the options: where the target stands, and the verdict to compare with. Mistakes in them are told elsewhere. */
export function askedFor(): Partial<Pick<Options, 'target' | 'base'>> {
  try {
    const { target, base } = loadOptions();
    return { target, ...(base === undefined ? {} : { base }) };
  } catch (thrown) {
    if (thrown instanceof UserError) return {};
    throw thrown;
  }
}
