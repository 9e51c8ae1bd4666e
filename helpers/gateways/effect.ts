import { setTimeout as delay } from 'node:timers/promises';
import { now } from '../history/history.ts';
import { isReady } from '../kubernetes/pods.ts';
import { kinds } from '../kubernetes/resources.ts';
import type { Pod } from '../kubernetes/resources.ts';
import type { Kube } from '../kubernetes/kube.ts';
import { watch } from '../kubernetes/watch.ts';

/** What a pod served, and when. Moments in ms since the epoch, as in histories. */
export interface PodEffect {
  pod: string;
  uid: string;
  /** First seen ready. */
  ready?: number;
  /** When the last question was sent that was still answered with the old state, and when the first one was answered with the new. */
  lastOld?: number;
  firstNew?: number;
  /** How often it went back from new to old. */
  relapses: number;
  answers: number;
  failures: number;
  /** The last reason why it could not be asked. */
  failure?: string;
  /** Told to stop, and gone. */
  leaving?: number;
  gone?: number;
}

interface WatchOptions {
  kube: Kube;
  labelSelector: string;
  /** Whether this pod serves the new state. */
  ask: (pod: Pod) => Promise<boolean>;
  /** Least pause between two questions to a pod, in ms. */
  everyMs: number;
  signal: AbortSignal;
}

/**
 * A pod that serves the change is asked less often from then on, only to see that it stays so; one that does not answer is not pressed
 * either. In ms.
 */
const STEADY_MS = 1_500;
/** A pod whose answers take long is asked less often: questions are not to take the time that its clients need. In times the answer's time. */
const PAUSE_PER_ANSWER = 3;

/** Asks each serving pod again and again whether it serves a change, from now on until `stop`. Pods that come are asked once they are ready. */
export class EffectWatch {
  readonly #options: WatchOptions;
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  readonly #pods = new Map<string, { pod: Pod; effect: PodEffect }>();
  readonly #asking: Promise<void>[] = [];
  readonly #watching: Promise<void>;
  #changed: (() => void)[] = [];

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#over.signal]);
    this.#watching = this.#watch();
    // Looked at by `stop`.
    this.#watching.catch(() => undefined);
  }

  /** Waits until every serving pod has been asked at least once: only then is it known that a change came later. */
  async begun(limitMs: number): Promise<void> {
    await this.#until((effects) => effects.every(({ answers, failures }) => answers + failures > 0), limitMs);
  }

  /** Waits until every pod that stays serves the change, or until the time is up. @returns whether it does. */
  everywhere(limitMs: number): Promise<boolean> {
    return this.#until((effects) => effects.every(({ firstNew }) => firstNew !== undefined), limitMs);
  }

  /** @throws KubeError when the pods could not be watched: then nobody saw which there were. */
  async stop(): Promise<PodEffect[]> {
    this.#over.abort();
    await Promise.all([this.#watching, ...this.#asking]);
    return this.effects();
  }

  effects(): PodEffect[] {
    return [...this.#pods.values()].map(({ effect }) => ({ ...effect }));
  }

  async #until(condition: (staying: PodEffect[]) => boolean, limitMs: number): Promise<boolean> {
    const until = now() + limitMs;
    for (;;) {
      const staying = this.effects().filter(({ leaving, gone }) => leaving === undefined && gone === undefined);
      if (staying.length > 0 && condition(staying)) return true;
      if (now() >= until || this.#signal.aborted) return false;
      const woken = new Promise<void>((resolve) => this.#changed.push(resolve));
      await Promise.race([woken, delay(until - now(), undefined, { signal: this.#signal }).catch(() => undefined)]);
    }
  }

  #wake(): void {
    const waiting = this.#changed;
    this.#changed = [];
    for (const resolve of waiting) resolve();
  }

  async #watch(): Promise<void> {
    const { kube, labelSelector } = this.#options;
    const selection = { ...(kube.namespace === undefined ? {} : { namespace: kube.namespace }), labelSelector };
    for await (const change of watch(kube, kinds.pod, selection, this.#signal)) {
      if (change.type === 'deleted') this.#gone(change.object);
      else for (const pod of change.type === 'listed' ? change.objects : [change.object]) this.#see(pod);
      this.#wake();
    }
  }

  #see(pod: Pod): void {
    const { uid = '', name = '', deletionTimestamp } = pod.metadata ?? {};
    const known = this.#pods.get(uid) ?? { pod, effect: { pod: name, uid, relapses: 0, answers: 0, failures: 0 } };
    known.pod = pod;
    this.#pods.set(uid, known);
    if (deletionTimestamp !== undefined) known.effect.leaving ??= now();
    if (!isReady(pod) || known.effect.ready !== undefined) return;
    known.effect.ready = now();
    this.#asking.push(this.#keepAsking(known));
  }

  #gone(pod: Pod): void {
    const known = this.#pods.get(pod.metadata?.uid ?? '');
    if (known !== undefined) known.effect.gone ??= now();
  }

  async #keepAsking(known: { pod: Pod; effect: PodEffect }): Promise<void> {
    const { effect } = known;
    while (!this.#signal.aborted && effect.gone === undefined) {
      const sent = now();
      const answer = await this.#options.ask(known.pod).catch((thrown: unknown) => String(thrown));
      note(effect, answer, sent);
      this.#wake();
      const pause = Math.max(
        effect.firstNew === undefined ? this.#options.everyMs : STEADY_MS,
        (now() - sent) * PAUSE_PER_ANSWER,
      );
      await delay(pause, undefined, { signal: this.#signal }).catch(() => undefined);
    }
  }
}

/** Enters an answer, or the reason why there was none, to a question that was sent at `sent`. */
function note(effect: PodEffect, answer: boolean | string, sent: number, answered = now()): void {
  if (typeof answer === 'string') {
    effect.failures++;
    effect.failure = answer;
    return;
  }
  effect.answers++;
  if (answer) {
    effect.firstNew ??= answered;
    return;
  }
  if (effect.firstNew !== undefined) effect.relapses++;
  delete effect.firstNew;
  effect.lastOld = sent;
}
