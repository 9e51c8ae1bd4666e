import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadArchitecture } from '../architecture/load.ts';
import { readDocument, shortName } from '../config/document.ts';
import { parseDeclaration } from '../config/explain.ts';
import { UserError } from '../errors.ts';
import { loadSupport } from '../support/load.ts';
import { inconsistencies } from './consistency.ts';
import { targetSchema } from './schema.ts';
import type { Target } from './schema.ts';

/**
 * Reads and validates a target: its `target.yaml`, and that the files which it names are there. Executes nothing.
 * @param path the file, or the folder that holds `target.yaml`.
 * @throws UserError naming every mistake with file, line, field and the fix.
 */
export function loadTarget(path: string): Target {
  const file = targetFile(path);
  const document = readDocument(file);
  const parsed = parseDeclaration(targetSchema, document);
  if ('mistakes' in parsed) throw new UserError(...parsed.mistakes);

  const folder = dirname(file);
  const [first, ...rest] = inconsistencies(parsed.value, folder).map(({ path: field, what, fix }) => ({
    what,
    where: document.place(field),
    fix,
  }));
  if (first) throw new UserError(first, ...rest);
  // Its mistakes are told now, before a cluster is touched.
  if (parsed.value.architecture !== undefined) loadArchitecture(join(folder, parsed.value.architecture));
  if (parsed.value.support !== undefined) loadSupport(join(folder, parsed.value.support));
  return { ...parsed.value, file, folder };
}

function targetFile(path: string): string {
  const full = resolve(path);
  const file = existsSync(full) && statSync(full).isDirectory() ? join(full, 'target.yaml') : full;
  if (existsSync(file)) return file;
  throw new UserError({
    what: 'There is no target here',
    where: shortName(file),
    fix: 'correct the path (SEATRIAL_TARGET, or `target:` in seatrial.config.yaml), or write one with `npx seatrial init`',
  });
}
