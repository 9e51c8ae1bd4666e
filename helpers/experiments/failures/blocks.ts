import { setTimeout as delay } from 'node:timers/promises';
import type { Redactor } from '../../kubernetes/redact.ts';
import { runBlock, type BlockResult } from '../../runbooks/execute.ts';
import type { Role, Runbook } from '../../runbooks/types.ts';
import type { Workbench } from '../../runbooks/workbench.ts';

/** A look that does not end within this time sees nothing, in ms. */
const LOOK_LIMIT_MS = 30_000;
/** Between two looks, in ms: often enough to tell seconds, seldom enough not to be a load. */
const LOOK_EVERY_MS = 1_000;

export interface BlocksOptions {
  workbench: Workbench;
  redactor: Redactor;
  signal: AbortSignal;
}

/** Runs the blocks of a role one after the other, until one fails. */
export async function runBlocks(
  { blocks }: Pick<Runbook, 'blocks'>,
  role: Role,
  { workbench, redactor, signal }: BlocksOptions,
  timeoutMs: number,
): Promise<BlockResult[]> {
  const results: BlockResult[] = [];
  const deadline = performance.now() + timeoutMs;
  for (const block of blocks.filter((candidate) => candidate.role === role)) {
    const left = Math.max(1, deadline - performance.now());
    results.push(await runBlock(block, workbench, { timeoutMs: left, signal, redactor }));
    if (results.at(-1)?.ok !== true) break;
  }
  return results;
}

/** Whether all blocks of the role succeed now; a single look. */
export function look(runbook: Pick<Runbook, 'blocks'>, role: Role, options: BlocksOptions): Promise<BlockResult[]> {
  return runBlocks(runbook, role, options, LOOK_LIMIT_MS);
}

export function allOk(results: readonly BlockResult[]): boolean {
  return results.length > 0 && results.every(({ ok }) => ok);
}

/**
 * Looks again and again until `seen` gives something.
 * @returns what it gave; undefined when the time is up.
 */
export async function lookUntil<T>(
  seen: () => Promise<T | undefined>,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<T | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const found = await seen();
    if (found !== undefined || performance.now() + LOOK_EVERY_MS > deadline) return found;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}
