import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { now } from '../../history/history.ts';
import type { TrafficPlan } from '../plan.ts';
import type { TrafficRecord } from '../records.ts';
import type { RunningTraffic } from '../traffic.ts';
import { clockBetween, offsetOf } from './clock.ts';
import type { Exchange, Offset } from './clock.ts';
import { mergeTraffic } from './merge.ts';
import { shareOf } from './share.ts';

/** Questions to the clock of a prober each time that it is measured: what disturbs some of them does not disturb all. */
const CLOCK_QUESTIONS = 30;
const CLOCK_PAUSE_MS = 5;

const exchange = z.object({ received: z.number(), answered: z.number() });

/** Where a prober is, and what it takes to use it. */
export interface ProberAddress {
  /** e.g. `http://10.1.2.3:8080`. */
  base: string;
  token: string;
}

/**
 * Traffic that several probers make together, each its share of the plan. It is written down when it ends: only then the clocks of the
 * probers are known from before and after, and their histories become one.
 */
export class Probers implements RunningTraffic {
  readonly #probers: readonly Prober[];
  readonly #plan: TrafficPlan;

  private constructor(probers: readonly Prober[], plan: TrafficPlan) {
    this.#probers = probers;
    this.#plan = plan;
  }

  /** Begins on all of them. @throws Error when one cannot be reached, or cannot use the endpoint from the start. */
  static async start(plan: TrafficPlan, addresses: readonly ProberAddress[]): Promise<Probers> {
    const count = addresses.length;
    const all = addresses.map((address, index) => new Prober(address, index + 1));
    await Promise.all(all.map((prober) => prober.measureClock()));
    await Promise.all(all.map((prober, index) => prober.post('/start', shareOf(plan, { index, count }))));
    return new Probers(all, plan);
  }

  async launchLongCalls(): Promise<void> {
    await Promise.all(this.#probers.map((prober) => prober.post('/launch')));
  }

  /** Waits for the calls in flight, and brings the histories together. @throws Error when a prober is gone, with its history. */
  async stop(): Promise<void> {
    await Promise.all(this.#probers.map((prober) => prober.post('/stop')));
    const histories = await Promise.all(this.#probers.map((prober) => prober.history()));
    const merged = mergeTraffic(histories);
    writeFileSync(this.#plan.file, merged.map((record) => `${JSON.stringify(record)}\n`).join(''));
  }

  /** Their pods go with their namespace; until then what they send is bounded by the plan. */
  kill(): void {
    for (const prober of this.#probers) prober.post('/stop').catch(() => undefined);
  }
}

class Prober {
  readonly #address: ProberAddress;
  readonly #number: number;
  #before: Offset | undefined;

  constructor(address: ProberAddress, number: number) {
    this.#address = address;
    this.#number = number;
  }

  async measureClock(): Promise<void> {
    this.#before = await this.#offset();
  }

  /** What it wrote down, with its clock as it was before and is now. */
  async history() {
    const after = await this.#offset();
    const response = await this.#ask('GET', '/history');
    const lines = (await response.text()).split('\n').filter((line) => line !== '');
    return {
      records: lines.map((line) => JSON.parse(line) as TrafficRecord),
      clock: clockBetween(this.#before ?? after, after),
    };
  }

  async post(path: string, body?: unknown): Promise<void> {
    await this.#ask('POST', path, body);
  }

  async #offset(): Promise<Offset> {
    const exchanges: Exchange[] = [];
    for (let question = 0; question < CLOCK_QUESTIONS; question++) {
      const asked = now();
      const response = await this.#ask('GET', '/clock');
      const heard = now();
      exchanges.push({ asked, heard, ...exchange.parse(await response.json()) });
      await delay(CLOCK_PAUSE_MS);
    }
    const offset = offsetOf(exchanges);
    if (offset === undefined) throw this.#error('its clock was stepped while it was measured');
    return offset;
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> {
    const { base, token } = this.#address;
    const response = await fetch(new URL(path, base), {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((thrown: unknown) => {
      throw this.#error(`${path} got no answer`, thrown);
    });
    if (!response.ok) throw this.#error(`${path}: ${String(response.status)} ${await response.text()}`);
    return response;
  }

  #error(what: string, cause?: unknown): Error {
    return new Error(`Prober ${String(this.#number)}: ${what}`, { cause });
  }
}
