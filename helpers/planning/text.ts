import type { Limit, Phase, Plan } from './schema.ts';

const names: Readonly<Record<Plan['strategy'], string>> = {
  blue_green: 'Blue-green',
  canary: 'Canary',
  rolling: 'Rolling',
  recreate: 'Recreate',
  a_b_test: 'A/B test',
};

/** What people call a strategy. */
export function strategyName(strategy: Plan['strategy']): string {
  return names[strategy];
}

/** A time in the units of a plan: `65 min`, `1 min 48 s`, `500 ms`. `ms` in milliseconds. */
export function planned(ms: number): string {
  if (ms < 1000) return ms === 0 ? '0' : `${ms} ms`;
  const tenths = Math.round(ms / 100);
  const [minutes, rest] = [Math.floor(tenths / 600), (tenths % 600) / 10];
  if (minutes === 0) return `${rest} s`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

/** What is measured, in the words of the protocol. */
const words: Readonly<Record<Limit['metric'], string>> = {
  'ready-share': 'pods ready',
  'calls-lost': 'calls lost',
  'error-rate': 'error rate',
  'average-latency': 'average latency',
  p95: 'P95',
  p99: 'P99',
  availability: 'availability',
  'oom-kills': 'OOM kills',
  'samples-wrong': 'samples predicted wrong',
  'candidate-share': 'calls that get the candidate',
  'users-moved': 'users moved to the other variant',
  outage: 'outage',
};

/** `P95 of the candidate < 500 ms (59 samples or more)`. */
export function limitText({ metric, version, comparator, value, unit, minimumSamples }: Limit): string {
  const whose = version === 'any' || metric === 'candidate-share' ? '' : ` of the ${version}`;
  const amount = { share: `${Number((value * 100).toFixed(3))} %`, ms: planned(value), count: String(value) }[unit];
  const samples = minimumSamples === undefined ? '' : ` (${minimumSamples} samples or more)`;
  return `${words[metric]}${whose} ${comparator} ${amount}${samples}`;
}

/** Those that make up the SLOs, which are told once for the whole plan. */
const SLO_METRICS: readonly Limit['metric'][] = ['p95', 'p99', 'error-rate', 'availability'];

function expectationsText({ expectations }: Phase): string {
  const isSlo = ({ metric }: Limit) => SLO_METRICS.includes(metric);
  const held = [...new Set(expectations.filter(isSlo).map(({ version }) => version))];
  return [
    ...expectations.filter((limit) => !isSlo(limit)).map(limitText),
    ...held.map((version) => (version === 'any' ? 'the SLOs hold' : `the SLOs hold for the ${version}`)),
  ].join('; ');
}

/** The SLOs that a plan holds a version to; each once. */
function sloTexts({ phases }: Plan): string[] {
  const limits = phases.flatMap(({ expectations }) =>
    expectations.filter(({ metric }) => SLO_METRICS.includes(metric)),
  );
  return [...new Set(limits.map((limit) => limitText({ ...limit, version: 'any' })))];
}

/** What holds in a trial: `dwells 36 s in a trial (30 min × 0.02)`, or nothing where it is no dwell time. */
export function trialText({ dwell, plannedMs, trialMs }: Phase, factor: number): string {
  return dwell
    ? `dwells ${planned(trialMs)} in a trial (${planned(plannedMs)} × ${factor})`
    : 'as long as the work takes, at most as planned';
}

/** Why this strategy, in sentences. */
export function choiceText({ declaredStrategy, strategy, choice }: Plan): string[] {
  const asked = `The requirements ask for ${strategyName(choice.strategy)}, since ${choice.requirement}. ${choice.reason}`;
  return [
    asked,
    ...choice.passedOver.map(
      (other) => `Not ${strategyName(other.strategy)}, though ${other.requirement}: ${other.why}.`,
    ),
    ...(declaredStrategy === choice.strategy ? [] : [`The target declares ${strategyName(declaredStrategy)} instead.`]),
    ...(strategy === declaredStrategy ? [] : [`This is the plan for ${strategyName(strategy)}, as was asked for.`]),
  ];
}

/** The totals of a plan in one sentence. */
export function totalText({ totals, trialFactor }: Plan): string {
  const dwell = totals.dwellMs === 0 ? 'none' : planned(totals.dwellMs);
  const trial = totals.dwellMs === 0 ? '' : `${planned(totals.trialDwellMs)} of dwell time and `;
  return `Total ${planned(totals.plannedMs)}, of which ${dwell} is dwell time; in a trial, with the factor ${trialFactor}, ${trial}${planned(totals.trialMs)} at most.`;
}

/** A plan for people, as plain text. */
export function planText(plan: Plan): string {
  const { target, strategy, replicas, phases, rollback, trialFactor } = plan;
  const width = Math.max(...phases.map(({ name }) => name.length));
  return [
    `${strategyName(strategy)} deployment of ${target}, ${replicas} ${replicas === 1 ? 'replica' : 'replicas'}`,
    '',
    ...choiceText(plan),
    '',
    ...phases.flatMap((phase) => [
      `${String(phase.number).padStart(2)}. ${phase.name.padEnd(width)}  ${planned(phase.plannedMs).padStart(6)}  from ${planned(phase.startMs)} on; ${trialText(phase, trialFactor)}`,
      `    expected: ${expectationsText(phase)}`,
      `    rollback: ${phase.rollback.text}`,
    ]),
    '',
    totalText(plan),
    '',
    `SLOs: ${sloTexts(plan).join('; ')}`,
    '',
    `Rollback: ${rollback.text}. In less than ${planned(rollback.limitMs)}, as soon as one of these is reached or an operator says so:`,
    ...rollback.triggers.map((trigger) => `  - ${limitText(trigger)}`),
    '',
  ].join('\n');
}
