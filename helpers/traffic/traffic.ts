import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { ObserverCommand, ObserverMessage, TrafficPlan } from './plan.ts';

/** Real-time priority above everything that a cluster runs, below the kernel's own threads. */
const REAL_TIME: [string, ...string[]] = ['chrt', '--rr', '20'];
const NICE: [string, ...string[]] = ['nice', '-n', '-20'];
/** The sessions of the observer are opened one after the other by a gateway that may be busy, in ms. */
const START_LIMIT_MS = 120_000;

/** Traffic that runs, whoever makes it. */
export interface RunningTraffic {
  /** Sends one call of each length at once. */
  launchLongCalls(): Promise<void>;
  /** Sends nothing more, waits for the calls in flight and for the history to be on disk. */
  stop(): Promise<void>;
  /** Ends it at once; what was not written is lost. */
  kill(): void;
}

/** Traffic that runs in a process of its own. */
export class Traffic implements RunningTraffic {
  readonly #observer: ChildProcess;
  readonly #plan: TrafficPlan;

  constructor(observer: ChildProcess, plan: TrafficPlan) {
    this.#observer = observer;
    this.#plan = plan;
  }

  /** Process of the observer. */
  get pid(): number | undefined {
    return this.#observer.pid;
  }

  /** Opens the sessions and begins. @throws Error when the endpoint cannot be used from the start. */
  async begin(): Promise<void> {
    await this.#ask({ type: 'start', plan: this.#plan }, 'running', START_LIMIT_MS);
  }

  async launchLongCalls(): Promise<void> {
    await this.#ask({ type: 'launch' }, 'launched', START_LIMIT_MS);
  }

  async stop(): Promise<void> {
    const limitMs = this.#plan.limits.callMs + longestCallMs(this.#plan) + START_LIMIT_MS;
    await this.#ask({ type: 'stop' }, 'stopped', limitMs);
  }

  kill(): void {
    this.#observer.kill('SIGKILL');
  }

  #ask(command: ObserverCommand, answer: ObserverMessage['type'], limitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (error?: Error) => {
        clearTimeout(limit);
        this.#observer.off('message', listen).off('exit', gone);
        if (error === undefined) resolve();
        else reject(error);
      };
      const listen = (message: ObserverMessage) => {
        if (message.type === 'failed') done(new Error(`Traffic could not be made: ${message.message}`));
        else if (message.type === answer) done();
      };
      const gone = (code: number | null, signal: string | null) => {
        done(new Error(`The observer ended by itself (${signal ?? `exit code ${String(code)}`})`));
      };
      const limit = setTimeout(() => {
        done(new Error(`The observer did not answer within ${String(limitMs)} ms`));
      }, limitMs);
      this.#observer.on('message', listen).on('exit', gone);
      this.#observer.send(command);
    });
  }
}

/** What the longest of the long calls is to take, in ms; 0 where there are none. */
export function longestCallMs(plan: TrafficPlan): number {
  return plan.kind === 'mcp' ? 1000 * Math.max(0, ...(plan.longCall?.lengths ?? [])) : 0;
}

/**
 * Starts the observer and returns once traffic runs.
 * @throws Error when the endpoint cannot be used from the start.
 */
export async function startTraffic(plan: TrafficPlan): Promise<Traffic> {
  const [priority, prefix] = bestPriority();
  const observerCommand = [...prefix, process.execPath, join(import.meta.dirname, 'observer.ts')];
  const [command = '', ...args] = observerCommand;
  const observer = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, SEATRIAL_OBSERVER_PRIORITY: priority },
  });
  const traffic = new Traffic(observer, plan);
  try {
    await traffic.begin();
  } catch (thrown) {
    traffic.kill();
    throw thrown;
  }
  return traffic;
}

let found: [string, string[]] | undefined;

/** The highest priority that this machine permits: its name, and the command that starts another one with it. */
export function bestPriority(): [string, string[]] {
  const works = ([command, ...args]: [string, ...string[]]) => spawnSync(command, [...args, 'true']).status === 0;
  found ??= works(REAL_TIME) ? ['real-time', REAL_TIME] : works(NICE) ? ['nice', NICE] : ['normal', []];
  return found;
}
