/** A limit that a check holds something to, and why it is what it is. */
export interface Threshold {
  value: number;
  unit: 'ms' | 'count';
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
} as const satisfies Record<string, Threshold>;

/** All limits, in one place. */
export const thresholds: Readonly<Record<keyof typeof limits, Threshold>> = limits;
