import { statfs } from 'node:fs/promises';
import { now } from '../history/history.ts';
import { seconds } from '../format.ts';
import { messageOf } from '../errors.ts';
import { KubeError } from '../kubernetes/kube.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Node } from '../kubernetes/resources.ts';
import { thresholds } from '../verdict/thresholds.ts';

/** How often to look, in ms: a question a second is nothing to an API server. */
const LOOK_EVERY_MS = 1_000;
/** Nodes are asked for this often, in looks: their state changes slowly. */
const NODES_EVERY = 5;
/** An answer that takes longer is none, in ms; busy API servers take seconds. */
const ANSWER_LIMIT_MS = 10_000;
/** A connection that is refused once may be chance; that often in a row nobody is there. */
const REFUSED_TOO_OFTEN = 2;

/** What the machine says of itself; others stand in for tests. */
export interface Machine {
  wall: () => number;
  steady: () => number;
  /** Bytes that are left where the run is written. */
  free: () => Promise<number>;
}

export function machineOf(folder: string): Machine {
  const free = async () => {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  };
  return { wall: Date.now, steady: now, free };
}

/**
 * Watches what an experiment cannot do without and the target has no part in: the API server, the nodes, the disk, the clock. When one of them
 * fails, what was seen of the target says nothing about it.
 */
export class Surroundings {
  readonly #machine: Machine;
  readonly #offset: number;
  readonly #troubles = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;
  #kube: Kube | undefined;
  /** Nodes that were ready when they were first asked for. */
  #ready: Set<string> | undefined;
  #refused = 0;
  #looks = 0;
  #looking: Promise<void> | undefined;

  constructor(machine: Machine, everyMs = LOOK_EVERY_MS) {
    this.#machine = machine;
    this.#offset = machine.wall() - machine.steady();
    this.#timer = setInterval(() => {
      this.#looking ??= this.look().finally(() => (this.#looking = undefined));
    }, everyMs).unref();
  }

  /** From now on the cluster is watched, too. */
  add(kube: Kube): void {
    this.#kube = kube;
  }

  /** @param ownNodes whether the experiment itself did something to nodes. @returns what was wrong, a sentence each. */
  async stop({ ownNodes }: { ownNodes: boolean }): Promise<string[]> {
    clearInterval(this.#timer);
    await this.#looking;
    await this.look();
    if (ownNodes) for (const key of this.#troubles.keys()) if (key.startsWith('Node/')) this.#troubles.delete(key);
    return [...this.#troubles.values()];
  }

  async look(): Promise<void> {
    this.#lookAtClock();
    await Promise.all([this.#lookAtDisk(), this.#kube === undefined ? undefined : this.#lookAtCluster(this.#kube)]);
  }

  #lookAtClock(): void {
    const step = this.#machine.wall() - this.#machine.steady() - this.#offset;
    if (Math.abs(step) < thresholds.clockStep.value) return;
    const by = `${step < 0 ? '-' : '+'}${seconds(Math.abs(step))}`;
    this.#note('clock', `the clock of the machine was set by ${by}: moments of the cluster cannot be compared with it`);
  }

  async #lookAtDisk(): Promise<void> {
    const free = await this.#machine.free().catch(() => Infinity);
    if (free >= thresholds.diskFree.value) return;
    this.#note('disk', `the disk of the run was full: ${(free / 2 ** 20).toFixed(0)} MiB were left`);
  }

  async #lookAtCluster(kube: Kube): Promise<void> {
    const asked = performance.now();
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
    try {
      await kube.request('/version', { signal });
      this.#refused = 0;
      if (this.#looks++ % NODES_EVERY === 0) this.#compareNodes((await kube.list(kinds.node, {}, signal)).items);
    } catch (thrown) {
      // Whoever is refused was answered.
      if (thrown instanceof KubeError && thrown.status < 500) return;
      const took = performance.now() - asked;
      this.#refused++;
      if (!signal.aborted && this.#refused < REFUSED_TOO_OFTEN) return;
      const why = signal.aborted ? `no answer for ${seconds(took)}` : messageOf(thrown);
      this.#note('api', `the API server was away while the experiment ran: ${why}`);
    }
  }

  #compareNodes(nodes: readonly Node[]): void {
    const names = (some: readonly Node[]) => some.map(({ metadata }) => metadata?.name ?? '');
    this.#ready ??= new Set(names(nodes.filter(isReady)));
    // One that is no longer there was taken out of service by somebody.
    for (const name of names(nodes.filter((node) => !isReady(node))))
      if (this.#ready.has(name)) this.#note(`Node/${name}`, `the node ${name} was lost while the experiment ran`);
  }

  #note(key: string, trouble: string): void {
    if (!this.#troubles.has(key)) this.#troubles.set(key, trouble);
  }
}

function isReady({ status }: Node): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}
