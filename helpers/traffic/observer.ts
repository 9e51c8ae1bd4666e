import { messageOf } from '../errors.ts';
import { Redactor } from '../kubernetes/redact.ts';
import { prepareCallers } from './callers.ts';
import type { Caller, Callers } from './caller.ts';
import { monotonicMs } from './clock.ts';
import { Journal } from './journal.ts';
import { cpuTime } from './machine.ts';
import type { ObserverCommand, ObserverMessage, PathName, TrafficPlan } from './plan.ts';
import { Schedule } from './schedule.ts';
import type { TrafficCall } from './records.ts';

/** How often the machine's CPU time is written down, in ms. */
const MACHINE_EVERY_MS = 500;

/** The process that makes the traffic and writes down what becomes of it. It judges nothing. */
class Observer {
  readonly #plan: TrafficPlan;
  readonly #callers: Callers;
  readonly #journal: Journal;
  readonly #toolsets = new Set<string>();
  readonly #pending = new Set<Promise<void>>();
  readonly #schedule: Schedule;
  readonly #begun = { ms: monotonicMs(), cpu: process.cpuUsage() };
  readonly #machine: NodeJS.Timeout;
  #sent = 0;

  constructor(plan: TrafficPlan, callers: Callers) {
    this.#plan = plan;
    this.#callers = callers;
    const redactor = new Redactor();
    for (const secret of plan.secrets ?? []) redactor.add(secret);
    this.#journal = new Journal(plan.file, redactor);
    const { server, long } = callers;
    this.#journal.append({
      type: 'traffic',
      at: this.#now(),
      url: plan.url,
      offered: offeredBy(callers.lanes),
      sessions: plan.sessions,
      lengths: long.map(({ facts }) => facts.length ?? 0),
      ...server,
      priority: process.env.SEATRIAL_OBSERVER_PRIORITY ?? 'normal',
    });
    this.#noteMachine();
    this.#machine = setInterval(() => {
      this.#noteMachine();
    }, MACHINE_EVERY_MS);
    this.#schedule = new Schedule(
      callers.lanes.map((caller) => ({
        rate: caller.rate,
        phase: caller.phase,
        run: (due) => {
          this.#call(caller, due);
        },
      })),
    );
  }

  /** One call of each length at once, so that all of them are in flight when the change begins. */
  launch(): void {
    for (const caller of this.#callers.long) this.#call(caller, monotonicMs(), { launched: true });
  }

  async stop(): Promise<void> {
    const due = await this.#schedule.stop();
    const cpu = process.cpuUsage(this.#begun.cpu);
    const elapsedMs = monotonicMs() - this.#begun.ms;
    await Promise.allSettled(this.#pending);
    clearInterval(this.#machine);
    this.#noteMachine();
    this.#journal.append({
      type: 'traffic-end',
      at: this.#now(),
      due,
      sent: this.#sent,
      unfinished: this.#pending.size,
      cpuMs: (cpu.user + cpu.system) / 1000,
      elapsedMs,
    });
    await this.#journal.close();
    await this.#callers.close();
  }

  #call({ facts, call }: Caller, due: number, more: Pick<TrafficCall, 'launched'> = {}): void {
    const id = ++this.#sent;
    const start = monotonicMs();
    const pending = call(id).then(({ tools, ...ended }) => {
      const end = monotonicMs();
      if (ended.toolset !== undefined && tools !== undefined) this.#noteToolset(ended.toolset, tools);
      this.#journal.append({
        type: 'call',
        id: String(id),
        ...facts,
        ...more,
        due: this.#moment(due),
        start: this.#moment(start),
        end: this.#moment(end),
        ...ended,
      });
      this.#pending.delete(pending);
    });
    this.#pending.add(pending);
  }

  #noteToolset(toolset: string, tools: string[]): void {
    if (this.#toolsets.has(toolset)) return;
    this.#toolsets.add(toolset);
    this.#journal.append({ type: 'toolset', at: this.#now(), toolset, tools });
  }

  #noteMachine(): void {
    const time = cpuTime();
    if (time !== undefined) this.#journal.append({ type: 'machine', at: this.#now(), ...time });
  }

  #now(): number {
    return this.#moment(monotonicMs());
  }

  /** Of the machine's clock, as the run's histories tell it; a microsecond is more than enough. */
  #moment(ms: number): number {
    return Math.round((ms + this.#plan.clockOffsetMs) * 1000) / 1000;
  }
}

function offeredBy(lanes: readonly Caller[]): Partial<Record<PathName, number>> {
  const offered: Partial<Record<PathName, number>> = {};
  for (const { rate, facts } of lanes) offered[facts.path] = (offered[facts.path] ?? 0) + rate;
  return offered;
}

let observer: Observer | undefined;

async function obey(command: ObserverCommand): Promise<void> {
  if (command.type === 'start') {
    observer = new Observer(command.plan, await prepareCallers(command.plan));
    setTimeout(() => void finish(), command.plan.limits.totalMs).unref();
    tell({ type: 'running' });
  } else if (command.type === 'launch') {
    observer?.launch();
    tell({ type: 'launched' });
  } else {
    await finish();
  }
}

async function finish(): Promise<void> {
  await observer?.stop();
  tell({ type: 'stopped' });
  process.disconnect();
}

function tell(message: ObserverMessage): void {
  process.send?.(message);
}

process.on('message', (command: ObserverCommand) => {
  obey(command).catch((thrown: unknown) => {
    tell({ type: 'failed', message: messageOf(thrown) });
  });
});
// Whoever asked for the traffic is gone: nobody would ever stop it.
process.on('disconnect', () => process.exit());
