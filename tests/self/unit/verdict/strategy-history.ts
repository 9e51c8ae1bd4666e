import { History } from '../../../../helpers/history/history.ts';
import type { HistoryRecord } from '../../../../helpers/history/records.ts';
import type { Phase, Plan } from '../../../../helpers/planning/schema.ts';
import { planFor } from '../../../../helpers/planning/plan.ts';
import type { AnalysisFact } from '../../../../helpers/rollout/argo-facts.ts';
import type { OutcomeFact } from '../../../../helpers/rollout/facts.ts';
import { argoStrategies } from '../../../../helpers/target/model/engines.ts';
import { strategies } from '../../../../helpers/target/model/schema.ts';
import type { Strategy } from '../../../../helpers/target/model/schema.ts';
import { model } from '../target/model.ts';
import { lengthOf, predictionTraffic } from './strategy-traffic.ts';
import type { Span } from './strategy-traffic.ts';

/** What the experiments of strategies record of a model of which all goes well, and whose bad versions are turned back. */

const START = 1_795_255_200_000;
const target = model({ trialFactor: 0.02 });
/** Enough for every claim that is made of all of them together. */
const CALLS = 700;
/** Enough for a statement on a split. */
const SPLIT_CALLS = 2_500;
/** From the first answer of a bad version to the rollback. */
const EXPOSED_CALLS = 150;

interface Attempt {
  name: string;
  plan: Plan;
  from: string;
  to: string;
  defect?: string;
  turnedBack?: Omit<NonNullable<OutcomeFact['turnedBack']>, 'at'>;
  waitMs?: number;
  /** From the begin of the rollout to the moment at which it was turned back. */
  afterMs?: number;
}

export const strategyHistories: ReadonlyMap<string, History> = new Map([
  ...strategies.map((strategy) => {
    const id = `strategy.${strategy.replaceAll('_', '-')}`;
    return [id, historyOf(id, strategy, attemptsOf(strategy))] as const;
  }),
  ...argoStrategies.map((strategy) => {
    const id = `strategy.${strategy.replaceAll('_', '-')}.argo-rollouts`;
    return [id, historyOf(id, strategy, attemptsOf(strategy), [fact('analysis.candidate', analysis())])] as const;
  }),
  ['rollback.triggers', historyOf('rollback.triggers', 'blue_green', triggerAttempts())],
]);

function attemptsOf(strategy: Strategy): Attempt[] {
  const plan = planFor(target, strategy);
  // Chance explains the difference between the variants, so the one that served stays.
  const serving = strategy === 'a_b_test' ? 'v1' : 'v2';
  return [
    { name: 'candidate', plan, from: 'v1', to: 'v2' },
    { name: 'bad', plan, from: serving, to: 'v2-failing', defect: 'failing', turnedBack: reached('error-rate', 0.33) },
  ];
}

function triggerAttempts(): Attempt[] {
  const common = { plan: planFor(target, 'blue_green'), from: 'v1' };
  return [
    { ...common, name: 'failing', to: 'v2-failing', defect: 'failing', turnedBack: reached('error-rate', 0.33) },
    { ...common, name: 'slow', to: 'v2-slow', defect: 'slow', turnedBack: reached('p95', 1_200), waitMs: 1_200 },
    { ...common, name: 'leaking', to: 'v2-leaking', defect: 'leaking', turnedBack: reached('oom-kills', 1) },
    {
      ...common,
      name: 'interrupted',
      to: 'v2-interrupted',
      defect: 'interrupted',
      turnedBack: reached('availability', 0.94),
    },
    {
      ...common,
      name: 'borderline',
      to: 'v2-borderline',
      defect: 'borderline',
      afterMs: 14_000,
      turnedBack: { by: 'operator', reason: 'the operator said so', reached: [] },
    },
    {
      ...common,
      name: 'manual',
      to: 'v2',
      turnedBack: { by: 'operator', reason: 'the operator said so', reached: [] },
    },
  ];
}

export function reached(metric: string, seen: number): NonNullable<Attempt['turnedBack']> {
  const limit = planFor(target).rollback.triggers.find((trigger) => trigger.metric === metric);
  if (limit === undefined) throw new Error(`there is no trigger on ${metric}`);
  return { by: 'trigger', reason: `${metric} reached`, reached: [{ limit, seen, samples: 150 }] };
}

/** What Argo Rollouts measures of a version that is as it should be. */
export function analysis(): AnalysisFact {
  const metrics = planFor(target).rollback.triggers.map(({ metric }) => ({
    name: metric,
    phase: 'Successful',
    measurements: 20,
    failed: 0,
    errors: 0,
    values: [metric === 'availability' ? 1 : 0],
    reached: [],
  }));
  return [{ run: 'model-6c7d8f9b44-2', phase: 'Successful', metrics }];
}

function historyOf(
  experiment: string,
  strategy: Strategy,
  attempts: readonly Attempt[],
  facts: readonly HistoryRecord[] = [],
): History {
  const spans: Span[] = [];
  const records: HistoryRecord[] = [step('deploy', START - 20_000, START)];
  let at = START;
  const advance = (span: Omit<Span, 'start'>) => {
    const start = at;
    spans.push({ start, ...span });
    at += lengthOf(span);
    return { start, end: at };
  };
  for (const attempt of attempts) {
    const { name, plan, from, to, defect } = attempt;
    const baseline = advance({ calls: CALLS, shares: { [from]: 1 } });
    records.push(step(`traffic.baseline.${name}`, baseline.start, baseline.end));
    records.push(fact(`rollout.${name}`, { plan, from, to, replicas: 3, ...(defect === undefined ? {} : { defect }) }));
    const change = attempt.turnedBack === undefined ? good(strategy, attempt) : bad(attempt);
    const begin = at;
    for (const { phase, ...span } of change) {
      const { start, end } = advance(span);
      if (phase !== undefined) records.push(step(`phase.${name}.${String(phase.number)}`, start, end));
    }
    const serving = attempt.turnedBack === undefined && strategy !== 'a_b_test' ? to : from;
    const turnedBack =
      attempt.turnedBack === undefined ? undefined : { at: begin + (attempt.afterMs ?? 2_500), ...attempt.turnedBack };
    records.push(
      fact(`pods.${name}`, pods(serving)),
      fact(`validation.${name}`, [{ name: 'first', outcome: 'served', version: serving }]),
      fact(
        `outcome.${name}`,
        turnedBack === undefined ? { result: 'completed' } : { result: 'rolled-back', phase: 4, turnedBack },
      ),
      ...(experiment === 'rollback.triggers' && turnedBack !== undefined ? aftermath(name, turnedBack.reason) : []),
      step(`change.${name}`, begin, at),
    );
    const after = advance({ calls: CALLS, shares: { [serving]: 1 } });
    records.push(step(`aftermath.${name}`, after.start, after.end));
  }
  if (strategy === 'a_b_test') records.push(fact('promoted.candidate', 'none'));
  records.push(...deployed(), ...facts);
  return new History(
    [
      { type: 'begin', at: START, experiment, target: target.name, run: '20261121-100000-abcd' },
      ...records,
      { type: 'end', at, status: 'completed' },
    ],
    () => predictionTraffic(spans),
  );
}

type PhaseSpan = Omit<Span, 'start'> & { phase?: Phase };

/** Work of a phase is over at once; a dwell time shows what it has led to. */
function good(strategy: Strategy, { plan, from, to }: Attempt): PhaseSpan[] {
  let promoted = false;
  let share = 0;
  return plan.phases.map((phase, index): PhaseSpan => {
    promoted ||= phase.actions.some(({ type }) => type === 'promote');
    const isOut = strategy === 'recreate' && index < 2;
    if (isOut) return { phase, calls: 300, shares: {} };
    const planned = promoted && strategy === 'a_b_test' ? 0 : phase.candidateShare / 100;
    // While the work goes on it is as it was before.
    const now = phase.dwell ? planned : share;
    share = planned;
    const isSplit = phase.dwell && now > 0 && now < 1;
    const shares = now === 0 ? { [from]: 1 } : now === 1 ? { [to]: 1 } : { [from]: 1 - now, [to]: now };
    return {
      phase,
      calls: isSplit ? SPLIT_CALLS : CALLS,
      shares,
      ...(isSplit && strategy === 'a_b_test' ? { users: 4 } : {}),
    };
  });
}

/** Users meet it for a short while, and are back. */
function bad({ plan, from, to, defect, waitMs }: Attempt): PhaseSpan[] {
  const [first] = plan.phases;
  return [
    { ...(first === undefined ? {} : { phase: first }), calls: 50, shares: { [from]: 1 } },
    ...(defect === 'borderline' ? almostBad(to) : []),
    {
      calls: EXPOSED_CALLS,
      shares: { [to]: 1 },
      ...(defect === 'failing' ? { failing: to } : {}),
      ...(waitMs === undefined ? {} : { waitMs }),
    },
    { calls: 300, shares: { [from]: 1 } },
  ];
}

/** A window of good answers and then a burst of failures that is three percent of it. */
function almostBad(to: string): PhaseSpan[] {
  const shares = { [to]: 1 };
  return [
    { calls: 1_150, shares },
    { calls: 35, shares, failing: to },
  ];
}

/** What is done after a rollback, and who was told of it. */
function aftermath(name: string, reason: string): HistoryRecord[] {
  const channel = '#ml-alerts';
  const message = (kind: string, body: unknown) => ({ at: START, kind, body, problems: [] });
  const told = { channel, text: `rolled back. Reason: ${reason}` };
  return [
    fact(
      `validated.${name}`,
      ['health', 'pods', 'samples', 'figures', 'logs'].map((of) => ({ step: of, ok: true, seen: 'well' })),
    ),
    fact(`communication.${name}`, {
      channel,
      sent: ['slack begun', 'incident', 'slack over', 'incident over'].map((what) => ({ what, status: 200 })),
      received: [
        message('slack', told),
        message('ticket', { fields: { description: `Reason: ${reason}` } }),
        message('slack', { channel, text: 'over' }),
        message('comment', { body: 'over' }),
      ],
    }),
  ];
}

/** What was looked at while the new version served. */
function deployed(): HistoryRecord[] {
  const limits = { memoryBytes: 536_870_912, cpuCores: 1 };
  const used = pods('v2').map(({ name }) => ({
    pod: name,
    memoryBytes: 52_000_000,
    cpuCores: 0.1,
    oomKills: 0,
    restarts: 0,
  }));
  return [
    fact('entry.service', {
      type: 'LoadBalancer',
      affinity: 'ClientIP',
      affinitySeconds: 10_800,
      way: 'load-balancer',
      url: 'http://10.212.0.200:80',
    }),
    fact(
      'metrics',
      pods('v2').map(({ name }) => ({ pod: name, samples: 60, names: ['http_requests_total'], counted: 700 })),
    ),
    fact('usage', { limits, pods: used }),
    fact('accuracy', {
      minimum: 0.92,
      mayLose: 0,
      versions: [
        { version: 'v1', right: 47, rows: 50 },
        { version: 'v2', right: 50, rows: 50 },
      ],
    }),
  ];
}

export function pods(version: string) {
  return ['x2x7k', 'z9q4m', 'm5n2p'].map((suffix) => ({
    name: `model-6c7d8f9b44-${suffix}`,
    version,
    ready: true,
    restarts: 0,
    oomKills: 0,
  }));
}

function step(id: string, start: number, end: number): HistoryRecord {
  return { type: 'step', id, title: id, start, end, ok: true };
}

function fact(key: string, value: unknown): HistoryRecord {
  return { type: 'fact', at: START, key, value };
}
