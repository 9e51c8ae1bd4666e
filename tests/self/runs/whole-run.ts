import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** A run of the suite as a person starts it, in a process of its own. */
export interface WholeRun {
  process: ChildProcess;
  /** Everything that it has printed so far. */
  output: () => string;
  /** Returns when it has printed something that matches. @throws Error when it ends before. */
  prints: (pattern: RegExp) => Promise<RegExpMatchArray>;
  /** Exit code, once it has ended and all its output is there; -1 after a signal. */
  ended: Promise<number>;
}

interface StartOptions {
  /** Arguments behind the title. */
  args?: readonly string[];
  /** On top of this process's environment. */
  env?: Readonly<Record<string, string>>;
  /** A command that starts the one behind it, in its own place. */
  through?: readonly string[];
}

/** Starts `npx playwright test -g TITLE`. */
export function startRun(title: string, { args = [], ...options }: StartOptions = {}): WholeRun {
  return start([join(root, 'node_modules/@playwright/test/cli.js'), 'test', '-g', title, ...args], options);
}

/** Starts `npx seatrial`. */
export function startSeatrial(...args: string[]): WholeRun {
  return start([join(root, 'bin/seatrial.js'), ...args]);
}

function start(script: readonly string[], { env: more = {}, through = [] }: Omit<StartOptions, 'args'> = {}): WholeRun {
  // Not of this run: what it would inherit would make it a worker's child.
  const { SEATRIAL_RUN_ID: _id, SEATRIAL_RUN_OWNER: _owner, ...env } = process.env;
  const [command = process.execPath, ...args] = [...through, process.execPath, ...script];
  const child = spawn(command, args, {
    cwd: root,
    env: { ...env, NO_COLOR: '1', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (const look of waiting) look();
    });
  }
  const ended = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : -1));
  const prints = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(text);
        if (match === null) return;
        waiting.delete(look);
        resolve(match);
      };
      waiting.add(look);
      look();
      void ended.then(() => {
        reject(new Error(`it ended without printing ${String(pattern)}:\n${text}`));
      });
    });
  return { process: child, output: () => text, prints, ended };
}
