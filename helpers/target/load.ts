import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { loadArchitecture } from '../architecture/load.ts';
import type { z } from 'zod';
import { readDocument, shortName } from '../config/document.ts';
import type { Document } from '../config/document.ts';
import { parseDeclaration } from '../config/explain.ts';
import { UserError } from '../errors.ts';
import { loadSupport } from '../support/load.ts';
import type { AnyTarget } from './any.ts';
import { inconsistencies } from './consistency.ts';
import type { Inconsistency } from './consistency.ts';
import { meantKind, nameAllKinds, otherKind } from './kind.ts';
import { modelInconsistencies } from './model/consistency.ts';
import { modelSchema } from './model/schema.ts';
import type { ModelTarget } from './model/schema.ts';
import { targetSchema } from './schema.ts';
import type { Target } from './schema.ts';
import { waiversOf } from './waivers.ts';

/**
 * Reads and validates a target of whatever kind: its `target.yaml`, and that the files which it names are there. Executes nothing.
 * @param path the file, or the folder that holds `target.yaml`.
 * @throws UserError naming every mistake with file, line, field and the fix.
 */
export function loadAnyTarget(path: string): AnyTarget {
  const file = targetFile(path);
  const document = readDocument(file);
  const folder = dirname(file);
  if (meantKind(document.value) === 'Model') {
    const model = validated(modelSchema, document, (declared) => modelInconsistencies(declared, folder));
    return { ...model, notApplicable: waiversOf(model), file, folder };
  }
  const target = validated(targetSchema, document, (declared) => inconsistencies(declared, folder));
  // Their mistakes are told now, before a cluster is touched.
  if (target.architecture !== undefined) loadArchitecture(join(folder, target.architecture));
  if (target.support !== undefined) loadSupport(join(folder, target.support));
  return { ...target, file, folder };
}

/** As `loadAnyTarget`, for what only an MCP gateway will do. @throws UserError also when the target is of another kind. */
export function loadTarget(path: string): Target {
  const target = loadAnyTarget(path);
  if (target.kind === 'McpGateway') return target;
  throw otherKind(target, 'McpGateway');
}

/** As `loadAnyTarget`, for what only a model will do. @throws UserError also when the target is of another kind. */
export function loadModel(path: string): ModelTarget {
  const target = loadAnyTarget(path);
  if (target.kind === 'Model') return target;
  throw otherKind(target, 'Model');
}

function validated<T>(schema: z.ZodType<T>, document: Document, rules: (value: T) => Inconsistency[]): T {
  const parsed = parseDeclaration(schema, document);
  if ('mistakes' in parsed) throw new UserError(...nameAllKinds(parsed.mistakes));
  const [first, ...rest] = rules(parsed.value).map(({ path, what, fix }) => ({
    what,
    where: document.place(path),
    fix,
  }));
  if (first) throw new UserError(first, ...rest);
  return parsed.value;
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
