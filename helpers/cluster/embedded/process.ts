import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namespaceCommand } from './network.ts';

/** What a long-running command of the cluster is started with. */
export interface Daemon {
  name: string;
  /** Network namespace that it lives in. */
  network: string;
  command: string[];
  logs: string;
  env?: Record<string, string>;
}

/**
 * Starts a command that outlives this process, in a session and a network namespace of its own, logging to `logs/NAME.log`.
 * @returns its process id (nsenter becomes the command, so this is the command's own).
 */
export function startDaemon({ name, network, command, logs, env = {} }: Daemon): number {
  mkdirSync(logs, { recursive: true });
  const log = openSync(join(logs, `${name}.log`), 'a');
  const [file, args] = namespaceCommand(network, command);
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    cwd: '/',
  });
  closeSync(log);
  child.unref();
  if (child.pid === undefined) throw new Error(`${name} could not be started: ${file} was not found`);
  return child.pid;
}

/** The last lines of a daemon's log, for an error message. */
export function logTail(logs: string, name: string, lines = 5): string {
  try {
    return readFileSync(join(logs, `${name}.log`), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(-lines)
      .join('\n');
  } catch {
    return '(no log)';
  }
}
