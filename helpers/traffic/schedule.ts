import { Worker } from 'node:worker_threads';
import { monotonicMs } from './clock.ts';
import type { Lane, Tick } from './ticker.ts';

/** A lane together with what is to be done when it is due. */
export interface Task {
  /** Times a second. */
  rate: number;
  /** Where in its interval it begins, 0 to 1: tasks of the same rate are spread by it. */
  phase: number;
  run: (due: number) => void;
}

/** Runs every task at its own fixed rate, whatever becomes of what it began: an open loop. */
export class Schedule {
  readonly #tasks: readonly Task[];
  readonly #worker: Worker;
  readonly #stop = new Int32Array(new SharedArrayBuffer(4));
  readonly #begun = monotonicMs();
  readonly #first: number;

  constructor(tasks: readonly Task[]) {
    this.#tasks = tasks.filter(({ rate }) => rate > 0);
    // The thread takes a while to start; calls that were due by then would all be late.
    this.#first = this.#begun + 500;
    const lanes: Lane[] = this.#tasks.map(({ rate, phase }) => ({
      first: this.#first + (phase * 1000) / rate,
      every: 1000 / rate,
    }));
    this.#worker = new Worker(new URL('./ticker.ts', import.meta.url), {
      workerData: { lanes, stop: this.#stop.buffer },
    });
    this.#worker.on('message', ({ lane, due }: Tick) => this.#tasks[lane]?.run(due));
  }

  /** Stops at once; what has come due is still run. @returns how many runs came due in all. */
  async stop(): Promise<number> {
    const now = monotonicMs();
    Atomics.store(this.#stop, 0, 1);
    Atomics.notify(this.#stop, 0);
    await new Promise((resolve) => this.#worker.once('exit', resolve));
    const elapsed = now - this.#first;
    return this.#tasks.reduce(
      (sum, { rate, phase }) => sum + Math.max(0, Math.floor((elapsed * rate) / 1000 - phase) + 1),
      0,
    );
  }
}
