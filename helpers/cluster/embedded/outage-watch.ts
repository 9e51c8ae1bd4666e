/**
 * Stops a node of the embedded cluster, says so, and lets it go on when its input ends: whoever holds the other end has then said so, or
 * is gone. Started by `stopNode`: `outage-watch.ts NODE STATE`.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupPids } from './cgroups.ts';

const [node = '', state = ''] = process.argv.slice(2);
const init = Number(readFileSync(join(state, 'init.pid'), 'utf8'));

/** Processes of the node itself, in its pid namespace. Its kube-proxy goes on: clients may enter by the node's address. */
function daemons(): number[] {
  const namespace = readlinkSync(`/proc/${String(init)}/ns/pid`);
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => pid !== init && belongsTo(pid, namespace));
}

function belongsTo(pid: number, namespace: string): boolean {
  try {
    if (readlinkSync(`/proc/${String(pid)}/ns/pid`) !== namespace) return false;
    return readFileSync(`/proc/${String(pid)}/comm`, 'utf8').trim() !== 'kube-proxy';
  } catch {
    return false;
  }
}

function signal(pids: readonly number[], name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended.
    }
  }
}

// The kubelet first, so that it does not notice how its containers fall silent.
const pids = [...daemons(), ...cgroupPids(node)];
const goOn = () => {
  // Containers first: nothing must look for them before they answer.
  signal(pids.toReversed(), 'SIGCONT');
  process.exit(0);
};
process.on('SIGTERM', goOn);
process.on('SIGINT', goOn);
signal(pids, 'SIGSTOP');
process.stdout.write(`${String(pids.length)} processes stopped\n`);
process.stdin.on('end', goOn).on('error', goOn).resume();
