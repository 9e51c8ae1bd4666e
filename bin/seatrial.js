#!/usr/bin/env node
// Starts the command on a Node that can run it: TypeScript as it is needs 22.19, and the right version comes with the dependencies.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const main = fileURLToPath(new URL('../helpers/cli/main.ts', import.meta.url));

if (major > 22 || (major === 22 && minor >= 19)) {
  await import(main);
} else {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  // Ctrl-C reaches the child by the terminal; this process only has to outlive it, so that its clean-up is waited for.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', () => {
    console.error('Node 22.19 or later is needed, and the one among the dependencies is missing: run `npm ci`');
    process.exitCode = 2;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
