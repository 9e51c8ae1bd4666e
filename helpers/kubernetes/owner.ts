import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { processStartTime } from '../cluster/leases.ts';
import { annotations, labels, labelValue } from './labels.ts';
import type { KubeObject } from './resources.ts';

/** A run may last this long at most; what it made and did not remove is left behind from then on. In ms. */
const LIFETIME_MS = 12 * 60 * 60_000;

/** The process that answers for objects on a cluster. */
export interface Owner {
  host: string;
  /** See `thisMachine`. */
  machine: string;
  pid: number;
  /** See `processStartTime`; empty where the machine does not tell. */
  started: string;
}

/** The owner with this process id on this machine. */
export function ownerOf(pid: number): Owner {
  return { host: hostname(), machine: thisMachine(), pid, started: processStartTime(pid) ?? '' };
}

/**
 * Where process ids mean the same processes: this boot of this machine and this pid namespace. Host names will not do: containers and
 * CI runners share them.
 */
function thisMachine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}-${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** The metadata that marks an object as the suite's own. */
export function ownerMetadata({ run, test, owner }: { run: string; test: string; owner: Owner }): {
  labels: Record<string, string>;
  annotations: Record<string, string>;
} {
  return {
    labels: {
      [labels.run]: labelValue(run),
      [labels.test]: labelValue(test),
      [labels.owner]: labelValue(`${owner.host}.${String(owner.pid)}`),
    },
    annotations: {
      [annotations.host]: owner.host,
      [annotations.machine]: owner.machine,
      [annotations.pid]: String(owner.pid),
      [annotations.started]: owner.started,
      [annotations.expires]: new Date(Date.now() + LIFETIME_MS).toISOString(),
    },
  };
}

/**
 * Whether nobody answers for the object any more: its owner's process has ended, or, where that ran on another machine, its time is up. While
 * it lives it answers, whatever the clock says. An object without the suite's label is never left behind: it is not ours.
 */
export function isLeftBehind(object: KubeObject, now: number = Date.now()): boolean {
  const { labels: marks = {}, annotations: notes = {} } = object.metadata ?? {};
  if (marks[labels.run] === undefined) return false;
  const { [annotations.machine]: machine, [annotations.started]: started = '' } = notes;
  if (machine === thisMachine() && started !== '') return processStartTime(Number(notes[annotations.pid])) !== started;
  // Without /proc nobody can tell a dead owner from a live one either.
  const expires = Date.parse(notes[annotations.expires] ?? '');
  return !Number.isNaN(expires) && expires <= now;
}
