#!/usr/bin/env node
// What the Job of charts/seatrial runs: the trial, with the arguments that it gets. Then it says that the results are there, and holds them
// until somebody has fetched them or HOLD_SECONDS have passed, since nothing can be copied out of a pod that has ended. It ends as the trial did.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const suite = fileURLToPath(new URL('..', import.meta.url));
const results = dirname(process.env.SEATRIAL_RUNS ?? join(suite, 'reports', 'runs'));
/** The readiness probe of the chart looks for it. */
const ended = join(results, '.ended');
/** Whoever has copied the results makes it. */
const fetched = join(results, '.fetched');
const holdMs = Number(process.env.HOLD_SECONDS ?? 0) * 1000;

mkdirSync(results, { recursive: true });
// On a volume that outlives the pod they are of another trial.
for (const mark of [ended, fetched]) rmSync(mark, { force: true });

const child = spawn(
  process.execPath,
  [
    join(suite, 'node_modules/@playwright/test/cli.js'),
    'test',
    '--config',
    join(suite, 'playwright.config.ts'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
const stopped = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    stopped.abort();
    // A run that is interrupted takes away what it made.
    child.kill('SIGINT');
  });
child.on('error', (error) => {
  console.error(error);
  process.exitCode = 1;
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
  writeFileSync(ended, '');
  if (holdMs > 0 && !stopped.signal.aborted) hold();
});

function hold() {
  console.log(`The results are in ${results}; they are held for ${holdMs / 1000} s, or until ${fetched} is there`);
  const timer = setTimeout(release, holdMs);
  const watcher = watch(results, look);
  stopped.signal.addEventListener('abort', release);
  look();

  function look() {
    if (existsSync(fetched)) release();
  }

  function release() {
    clearTimeout(timer);
    watcher.close();
  }
}
