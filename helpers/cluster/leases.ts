import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Who uses a shared cluster: one file a process below `folder`, named by its pid. A process that was killed leaves its
 * file behind, so a lease counts only as long as that very process lives: pids are reused, hence the start time too.
 */
export interface Lease {
  pid: number;
  /** When the process started, as the kernel tells; see `processStartTime`. */
  started: string;
}

/**
 * When the process `pid` started, as text that no other process with the same pid shares on this boot: clock ticks since boot.
 * Undefined when there is no such process, when it is a zombie, or when the machine has no /proc.
 */
export function processStartTime(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the command in brackets and may hold spaces and brackets itself; the rest is plain.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state] = fields;
  return state === 'Z' || state === 'X' ? undefined : fields[19];
}

/**
 * Records that the process `owner` uses what `folder` stands for. Taking it twice is the same as once.
 * @throws Error when `owner` is not a live process.
 */
export function takeLease(folder: string, owner: number): void {
  const started = startOf(owner);
  if (started === undefined) throw new Error(`No lease for process ${String(owner)}: it is not running`);
  mkdirSync(folder, { recursive: true });
  const file = leaseFile(folder, owner);
  // Renamed into place, so that a reader never sees half a file.
  const draft = `${file}.${String(process.pid)}.draft`;
  writeFileSync(draft, JSON.stringify({ pid: owner, started } satisfies Lease));
  renameSync(draft, file);
}

/** Gives the lease of `owner` back; nothing happens when it has none. */
export function dropLease(folder: string, owner: number): void {
  rmSync(leaseFile(folder, owner), { force: true });
}

/** The leases whose owners live, in the order of their pids. Files of dead owners are removed on the way. */
export function liveLeases(folder: string): Lease[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^\d+\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b)
    .flatMap((pid) => {
      const lease = readLease(folder, pid);
      if (lease !== undefined && lease.started === startOf(pid)) return [lease];
      dropLease(folder, pid);
      return [];
    });
}

function readLease(folder: string, pid: number): Lease | undefined {
  try {
    return JSON.parse(readFileSync(leaseFile(folder, pid), 'utf8')) as Lease;
  } catch {
    return undefined;
  }
}

function leaseFile(folder: string, pid: number): string {
  return join(folder, `${String(pid)}.json`);
}

/** Without /proc (macOS) a live pid has to do. */
function startOf(pid: number): string | undefined {
  return existsSync('/proc/self/stat') ? processStartTime(pid) : isAlive(pid) ? 'unknown' : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}
