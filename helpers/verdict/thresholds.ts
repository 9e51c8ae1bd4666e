/** A limit that a check holds something to, and why it is what it is. */
export interface Threshold {
  value: number;
  unit: 'ms' | 'count' | 'share' | 'bytes';
  reason: string;
}

const limits = {
  /** From the clean namespace to the end of the first served tool call. */
  firstToolCall: {
    value: 86_400_000,
    unit: 'ms',
    reason: 'The words of benchmark 1 and of the gate "Helm deployment": under 1 day.',
  },
  lintErrors: { value: 0, unit: 'count', reason: 'helm lint calls an error what makes the chart fail to install.' },
  lintWarnings: {
    value: 0,
    unit: 'count',
    reason: 'A warning is advice that may be ignored; a chart that is fit for production follows it.',
  },
  undocumentedValues: {
    value: 0,
    unit: 'count',
    reason: 'A value that the README does not name can only be found by reading templates.',
  },
  staleDocumentedValues: {
    value: 0,
    unit: 'count',
    reason: 'A documented value that the chart does not have is silently ignored by Helm when somebody sets it.',
  },
  schemaDifferences: {
    value: 0,
    unit: 'count',
    reason: 'A value outside the schema is never validated; a schema entry without a value describes nothing.',
  },
  leftovers: {
    value: 0,
    unit: 'count',
    reason: 'What an uninstall leaves behind collides with the next installation.',
  },
  podsReplacedByNoop: {
    value: 0,
    unit: 'count',
    reason:
      'GitOps applies the same release again and again; a pod that is replaced for nothing is an outage for nothing.',
  },
  foreignObjects: {
    value: 0,
    unit: 'count',
    reason:
      'A clean namespace holds what Kubernetes itself puts there: the default ServiceAccount and the root CA ConfigMap.',
  },
  callsLost: {
    value: 0,
    unit: 'count',
    reason:
      'The words of criterion 2, "do not interrupt in-flight calls", and of the gate "Config safety", "zero-downtime": a single lost call is an interruption, whatever share of all calls it is.',
  },
  sessionsLost: {
    value: 0,
    unit: 'count',
    reason: 'A session that dies takes its client with it, though every health endpoint stays green.',
  },
  stall: {
    value: 5_000,
    unit: 'ms',
    reason:
      'Clients of tools wait for models, so a second more is bearable; beyond five, agents and the proxies before them begin to give up.',
  },
  observerLate: {
    value: 50,
    unit: 'ms',
    reason: 'A call that is sent later than this is the fault of the observer: of what happened meanwhile it saw less.',
  },
  observerAchieved: {
    value: 0.999,
    unit: 'share',
    reason: 'Of 1,000 calls that come due, one may stay unsent; below that the observer was starved.',
  },
  observerLateShare: {
    value: 0.01,
    unit: 'share',
    reason:
      'A late call is sent all the same, and its wait counts against the target, so it hides no loss. More of them, and percentiles would tell of the observer.',
  },
  observerLateCalls: {
    value: 5,
    unit: 'count',
    reason:
      'Where few calls are made, some late ones are more than a hundredth of them, and hide nothing: the smallest outage that could be seen is told from when calls were really sent.',
  },
  observerPause: {
    value: 500,
    unit: 'ms',
    reason:
      'An outage as long as that is noticed by users: an observer that sent nothing for longer could have missed one.',
  },
  machineStolen: {
    value: 0.1,
    unit: 'share',
    reason:
      'Of ten slices of CPU time one may go to other machines of the host; beyond that, what is late may be late for that alone.',
  },
  clockStep: {
    value: 250,
    unit: 'ms',
    reason:
      'Programs that keep time turn a clock slowly, which changes no interval; one that jumps by more was set, or the machine slept.',
  },
  diskFree: {
    value: 64 * 1024 * 1024,
    unit: 'bytes',
    reason: 'The history of an experiment with traffic takes some tens of MiB: with less, its end may be missing.',
  },
  lastPod: {
    value: 10_000,
    unit: 'ms',
    reason:
      'Whoever was told that a change is done may rely on it: ten seconds cover the caches of replicas that read it from a shared database, and no forgotten replica.',
  },
  stalePods: {
    value: 0,
    unit: 'count',
    reason: 'A replica with the old configuration makes every other call behave otherwise than the one before.',
  },
  needlessRestarts: {
    value: 0,
    unit: 'count',
    reason: 'A replica that restarts for nothing puts calls in flight and sessions of others at risk for nothing.',
  },
  supportFactAge: {
    value: 15_811_200_000,
    unit: 'ms',
    reason: 'Half a year (183 days): people, contracts and phone numbers change within that time.',
  },
  engineerPresence: {
    value: 0.5,
    unit: 'share',
    reason:
      'Someone who is there for half of every business day answers any question on the day of asking or the next one.',
  },
  pilotSeen: {
    value: 2_419_200_000,
    unit: 'ms',
    reason: 'Four weeks (28 days) hold every weekday four times, and the turn of a month.',
  },
  firstResponseMostUrgent: {
    value: 3_600_000,
    unit: 'ms',
    reason: 'What the large clouds promise business customers for a production system that is down: within an hour.',
  },
  firstResponseSecond: {
    value: 14_400_000,
    unit: 'ms',
    reason: 'What the large clouds promise for a production system that is impaired: within four hours.',
  },
  exportContradictions: {
    value: 0,
    unit: 'count',
    reason: 'A ticket that was answered before it was asked shows that the times of the export cannot be relied on.',
  },
  samplesForP95: {
    value: 59,
    unit: 'count',
    reason: 'Fewest samples whose largest lies above the P95 with 95 % confidence: 0.95^59 < 0.05.',
  },
  samplesForP99: {
    value: 299,
    unit: 'count',
    reason: 'Fewest samples whose largest lies above the P99 with 95 % confidence: 0.99^299 < 0.05.',
  },
  failureDetected: {
    value: 180_000,
    unit: 'ms',
    reason:
      'Three nines leave 43 minutes a month: a symptom that nobody can see for three minutes has taken a fifteenth of them before anybody begins.',
  },
  failureRecovered: {
    value: 300_000,
    unit: 'ms',
    reason:
      'Three nines leave 43 minutes a month: with five for a remedy, whose commands are written down, eight failures fit into them.',
  },
  goodCallsAfter: {
    value: 10,
    unit: 'count',
    reason:
      'If one of two replicas were still away, ten calls in a row would all find the other once in a thousand times.',
  },
  failureTraces: {
    value: 0,
    unit: 'count',
    reason: 'What a remedy leaves different is the next failure, or is undone by the next upgrade.',
  },
  escalationLevels: {
    value: 2,
    unit: 'count',
    reason: 'With one level there is nobody to escalate to.',
  },
  escalationToTop: {
    value: 14_400_000,
    unit: 'ms',
    reason:
      'Four hours: the usual time limit for the resolution of a P0. A path that reaches those who decide only later is of no use to it.',
  },
  drillAge: {
    value: 31_536_000_000,
    unit: 'ms',
    reason: 'Once in 12 months, as PCI DSS 12.10.2 and NIST SP 800-84 ask of incident response plans.',
  },
  movingVersions: {
    value: 0,
    unit: 'count',
    reason:
      'A version that moves changes the cluster without a commit, so that Git no longer says what runs, and reverting it changes nothing.',
  },
  clearCredentials: {
    value: 0,
    unit: 'count',
    reason: 'What was in Git once is in every clone for good; it can only be replaced.',
  },
  brokenReferences: {
    value: 0,
    unit: 'count',
    reason: 'One name that nothing stands behind, and an empty cluster never becomes the one that Git describes.',
  },
  remediationRetries: {
    value: 1,
    unit: 'count',
    reason:
      'Flux retries nothing by default: without a retry the first failure that would pass by itself stays until a person comes.',
  },
  releaseTimeout: {
    value: 300_000,
    unit: 'ms',
    reason:
      "Flux's own default. With less, an image that is pulled slowly counts as a failed upgrade and is rolled back.",
  },
  workerCallsWhileRolling: {
    value: 50,
    unit: 'count',
    reason:
      'Ten calls a second over the five seconds that a stopping pod still serves: with fewer, the moment of the change may lie between two of them.',
  },
  reconcileInterval: {
    value: 3_600_000,
    unit: 'ms',
    reason:
      'What was changed by hand stays that long when no commit comes: an hour is the longest that Flux itself generates.',
  },
  commitToEffect: {
    value: 600_000,
    unit: 'ms',
    reason:
      'Ten minutes, the interval in the guides of Flux: who waits longer for a commit reaches for kubectl instead.',
  },
  driftCorrection: {
    value: 900_000,
    unit: 'ms',
    reason:
      'An interval of ten minutes, as in the guides of Flux, and the time of a reconciliation; until then Git does not say what runs.',
  },
  notRestored: {
    value: 0,
    unit: 'count',
    reason: 'Whatever a revert leaves otherwise is a state that nobody has declared.',
  },
  touchedByInvalid: {
    value: 0,
    unit: 'count',
    reason: 'A change that is refused must not have been carried out in part.',
  },
  callsLostToFaults: {
    value: 0,
    unit: 'count',
    reason:
      'One call a second sees only what a person would notice too: nothing of that may come from a fault of GitOps.',
  },
  modelP95: {
    value: 500,
    unit: 'ms',
    reason: 'The words of Protocol 20, gate 3, "Response time <500ms (P95)", and of its success criteria.',
  },
  modelP99: {
    value: 1000,
    unit: 'ms',
    reason: 'The words of Protocol 20, success criteria: "P95 <500ms, P99 <1s".',
  },
  modelErrorRate: {
    value: 0.01,
    unit: 'share',
    reason: 'The words of Protocol 20, gate 3, "Error rate <1%", and of its success criteria.',
  },
  modelAvailability: {
    value: 0.999,
    unit: 'share',
    reason: 'The words of Protocol 20, success criteria: "Availability: >99.9% uptime".',
  },
  modelRollback: {
    value: 300_000,
    unit: 'ms',
    reason: 'The words of Protocol 20, success criteria: "Rollback Time: <5 minutes if needed".',
  },
  rollbackLatency: {
    value: 1000,
    unit: 'ms',
    reason:
      'Protocol 20 says "avg_latency > 1.0" where it rolls back and "P95 latency >1 second" in its plan document: either of them turns a version back.',
  },
  rollbackAvailability: {
    value: 0.95,
    unit: 'share',
    reason: 'The words of Protocol 20, rollback triggers: "Availability: <95% uptime".',
  },
  rollbackOomKills: {
    value: 0,
    unit: 'count',
    reason: 'The words of Protocol 20, rollback triggers: "Memory: OOM errors detected".',
  },
  rollbackSamples: {
    value: 59,
    unit: 'count',
    reason:
      'What a P95 needs (0.95^59 < 0.05); with fewer calls one that is lost by chance would turn a good version back. For availability: on the path that it is of.',
  },
  rollbackWindow: {
    value: 10_000,
    unit: 'ms',
    reason:
      'What counts is how a version is now: with a longer look back, a version that breaks late is drowned in what was well before.',
  },
  splitConfidence: {
    value: 0.99,
    unit: 'share',
    reason: 'One faultless split in a hundred is called wrong, and a share that is three points off is always found.',
  },
  splitSamples: {
    value: 2000,
    unit: 'count',
    reason: 'With 2,000 calls the exact interval around 10 % is ±1.8 points wide at 99 %: a planted 14 % is found.',
  },
  variantSignificance: {
    value: 0.01,
    unit: 'share',
    reason: 'A difference that chance makes once in a hundred comparisons is no reason to move all users.',
  },
  healthMemoryWarning: {
    value: 0.8,
    unit: 'share',
    reason: 'Where the autoscaler of Protocol 20 adds replicas (averageUtilization 80): one replica is short by then.',
  },
  healthMemoryCritical: {
    value: 0.95,
    unit: 'share',
    reason: 'The kernel kills at 1; a request that comes now may be the one that gets it there.',
  },
  healthCpuWarning: {
    value: 0.8,
    unit: 'share',
    reason: 'Above the 70 % at which the autoscaler of Protocol 20 adds replicas: it has not kept up.',
  },
  healthCpuCritical: {
    value: 0.95,
    unit: 'share',
    reason: 'The container is throttled from here on, and each call waits for those before it.',
  },
  healthResponseWarning: {
    value: 500,
    unit: 'ms',
    reason: 'The P95 that Protocol 20 asks for: an average there has most calls beyond it.',
  },
  healthResponseCritical: {
    value: 1000,
    unit: 'ms',
    reason: 'The latency at which Protocol 20 rolls a version back.',
  },
  healthErrorsWarning: {
    value: 0.01,
    unit: 'share',
    reason: 'The error rate that Protocol 20 allows at most.',
  },
  healthErrorsCritical: {
    value: 0.05,
    unit: 'share',
    reason: 'The error rate at which Protocol 20 rolls a version back.',
  },
  throttledPeriods: {
    value: 0.05,
    unit: 'share',
    reason: 'Where more than one scheduling period in twenty is throttled, the P95 is made by the limit on CPU.',
  },
  firstCalls: {
    value: 20,
    unit: 'count',
    reason: 'Whatever is loaded or compiled late is so within the first calls: after a dozen each is as the others.',
  },
  /** Of phases without a way back, phases that do not follow one another, requirements nobody assessed, and the like. */
  planGaps: {
    value: 0,
    unit: 'count',
    reason: 'A gap in a plan is found by whoever carries it out, at the moment at which the plan was needed.',
  },
} as const satisfies Record<string, Threshold>;

/** All limits, in one place. */
export const thresholds: Readonly<Record<keyof typeof limits, Threshold>> = limits;
