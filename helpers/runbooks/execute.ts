import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Redactor } from '../kubernetes/redact.ts';
import type { Block } from './types.ts';
import type { Workbench } from './workbench.ts';

/** How much of what a block printed is kept: its end, in characters. */
const KEPT = 4_000;
/** A block that prints more than this has gone wrong, in characters. */
const MOST_OUTPUT = 10_000_000;

/** What became of a block. */
export interface BlockResult {
  role: Block['role'];
  line: number;
  ok: boolean;
  /** Undefined when it was ended from outside. */
  exitCode: number | undefined;
  timedOut: boolean;
  ms: number;
  /** What it printed, without secrets; the end of it when it is long. */
  output: string;
}

/**
 * Runs a block with `bash -euo pipefail` in a folder of its own, without input. It is ended with all that it started when its time is up
 * (`timeoutMs`) or `signal` aborts.
 * @throws the reason of an abort; a block that fails is a result.
 */
export async function runBlock(
  { role, line, script }: Block,
  { folder, env, bash }: Workbench,
  { timeoutMs, signal, redactor }: { timeoutMs: number; signal: AbortSignal; redactor: Redactor },
): Promise<BlockResult> {
  signal.throwIfAborted();
  const cwd = mkdtempSync(join(folder, 'work', `${role}-`));
  // From a file: a command of the block that reads its input would swallow the rest of the script.
  const file = join(cwd, 'block.sh');
  writeFileSync(file, `${script}\n`);
  const started = performance.now();
  // A group of its own, so that what it started can be ended with it.
  const running = execa(bash, ['-euo', 'pipefail', file], {
    cwd,
    env,
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
    detached: true,
    maxBuffer: MOST_OUTPUT,
  });
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    endGroup(running.pid);
  }, timeoutMs);
  const abort = () => {
    endGroup(running.pid);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    const { exitCode, all, failed } = await running;
    signal.throwIfAborted();
    const text = redactor.text(all);
    return {
      role,
      line,
      ok: !failed && !timedOut,
      exitCode,
      timedOut,
      ms: Math.round(performance.now() - started),
      output: text.length > KEPT ? `…${text.slice(-KEPT)}` : text,
    };
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', abort);
    // What it left running in the background goes with it.
    endGroup(running.pid);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Why a block did not work, with the last lines that it printed. */
export function describeBlock({ role, line, exitCode, timedOut, ms, output }: BlockResult): string {
  const how = timedOut ? `did not end within ${String(ms)} ms` : `ended with exit code ${String(exitCode ?? 'none')}`;
  const said = output.trim().split('\n').slice(-3).join(' | ');
  return `the ${role} block at line ${String(line)} ${how}${said === '' ? '' : `: ${said}`}`;
}
