import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readDocument } from '../config/document.ts';
import { nearest } from '../config/suggest.ts';
import { UserError } from '../errors.ts';
import type { Mistake } from '../errors.ts';
import { targetKinds } from './any.ts';
import type { AnyTarget, TargetKind } from './any.ts';

/** Fields that only a model has, for a file that does not say what it is. */
const MODEL_FIELDS = ['strategy', 'serving', 'versions'];

/** The kind that a declaration is of, or was most likely meant to be of; whether it is right is for the schema to say. */
export function meantKind(value: unknown): TargetKind {
  if (typeof value !== 'object' || value === null) return 'McpGateway';
  const kind = 'kind' in value && typeof value.kind === 'string' ? value.kind : '';
  const meant = targetKinds.find((known) => known === kind) ?? (nearest(kind, targetKinds) as TargetKind | undefined);
  return meant ?? (MODEL_FIELDS.some((field) => field in value) ? 'Model' : 'McpGateway');
}

/**
 * The kind of the target at `path` (the file, or its folder), as far as it can be read; undefined when it cannot. For what has to be known
 * before the target is validated, which tells the mistakes.
 */
export function kindAt(path: string): TargetKind | undefined {
  try {
    const full = resolve(path);
    const file = existsSync(full) && statSync(full).isDirectory() ? join(full, 'target.yaml') : full;
    return meantKind(readDocument(file).value);
  } catch {
    return undefined;
  }
}

/** A declaration is validated as one kind; of a kind that is like none, all are told. */
export function nameAllKinds(mistakes: [Mistake, ...Mistake[]]): [Mistake, ...Mistake[]] {
  const [first, ...rest] = mistakes.map((mistake) => {
    if (mistake.where?.endsWith(' kind') !== true || mistake.fix.startsWith('did you mean')) return mistake;
    return { ...mistake, fix: `write "kind: ${targetKinds.join('" or "kind: ')}"` };
  });
  return first === undefined ? mistakes : [first, ...rest];
}

/** What to throw where a target of one kind is given and another one is needed. */
export function otherKind(
  { name, kind, file }: Pick<AnyTarget, 'name' | 'kind' | 'file'>,
  needed: TargetKind,
): UserError {
  return new UserError({
    what: `The target ${name} is of kind ${kind}, and this is for targets of kind ${needed}`,
    where: `${file} kind`,
    fix: `name a target of kind ${needed} (SEATRIAL_TARGET, or \`target:\` in seatrial.config.yaml)`,
  });
}
