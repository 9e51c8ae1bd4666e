import { existsSync, readFileSync } from 'node:fs';
import { messageOf, UserError } from '../errors.ts';
import { verdictSchema } from './schema.ts';
import type { RunVerdict } from './types.ts';

/**
 * Reads a `verdict.json`.
 * @throws UserError when there is none, or when it is cut off or of another shape.
 */
export function readVerdict(file: string): RunVerdict {
  if (!existsSync(file)) {
    throw new UserError({ what: 'This run has no verdict', where: file, fix: 'rebuild it with `npx seatrial report`' });
  }
  try {
    return parseVerdict(readFileSync(file, 'utf8'));
  } catch (thrown) {
    throw new UserError({
      what: `The verdict cannot be read: ${oneLine(messageOf(thrown))}`,
      where: file,
      fix: 'rebuild it from the histories with `npx seatrial report RUN`',
    });
  }
}

/** @throws Error when `text` is no verdict. */
export function parseVerdict(text: string): RunVerdict {
  const parsed = verdictSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'of another shape'}`);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
