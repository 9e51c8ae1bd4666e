/** A defect that shows in more than one check, because what the one asks cannot fail alone. */
export interface Companionship {
  /** Ids of the checks whose twin it is. */
  of: RegExp;
  /** Ids of the checks that turn red with them. */
  are: RegExp;
  reason: string;
}

/** Declared once for all experiments for which the same kind of check is made; the first that fits counts. */
export const companionships: readonly Companionship[] = [
  {
    of: /\.observer-saw$/,
    are: /./,
    reason: 'Who saw nothing can say nothing of what happened: whatever is read from the same calls is inconclusive',
  },
  {
    of: /^config\.[a-z-]+\.made$/,
    are: /\.(served-by-every-pod|nothing-stale|pods-moved|restored)$/,
    reason: 'A change that was not made arrives nowhere',
  },
  {
    of: /\.sessions-kept$/,
    are: /\.no-call-lost\.session$/,
    reason: 'A session is lost with the calls that it loses',
  },
  {
    of: /^runbooks\.[a-z-]+\.found$/,
    are: /^runbooks\.[a-z-]+\.complete$/,
    reason: 'A runbook that is not there says nothing',
  },
  {
    of: /^runbooks\.[a-z-]+\.recovered$/,
    are: /^runbooks\.[a-z-]+\.(works|restored|detected|recovered)$/,
    reason: 'On a target that is not well again nothing can be learnt from the next failure',
  },
  {
    of: /^chart\.has-schema$/,
    are: /^chart\.schema-matches-values$/,
    reason: 'A schema that is not there does not match',
  },
  {
    of: /^chart\.installs$/,
    are: /^chart\.leaves-nothing-behind$/,
    reason: 'What was not installed cannot show what it leaves behind',
  },
  {
    of: /^first-call\.served$/,
    are: /^first-call\.(pods-were-ready|served-within-a-day|stays-served)$/,
    reason: 'Without a served call there is no moment to measure to, and nothing that could stay',
  },
  {
    of: /^support\.export-is-sound$/,
    are: /^support\.first-response-within-sla$/,
    reason: 'An answer from before its question took no time that could be compared with a limit',
  },
  {
    of: /^gitops\.tree-is-readable$/,
    are: /^gitops\./,
    reason: 'What cannot be read may hold anything',
  },
  {
    of: /^upgrade\.path\.[a-z-]+\.done$/,
    are: /^upgrade\.path\./,
    reason: 'What comes after a step that was not done tells nothing',
  },
  {
    of: /^upgrade\.path\.backed-up$/,
    are: /^upgrade\.path\./,
    reason: 'An upgrade is not begun when the documented backup before it fails',
  },
  {
    of: /^upgrade\.[a-z-]+\.told$/,
    are: /\.(taken-back|pods-untouched|nothing-left-behind)$/,
    reason: 'An upgrade that did not fail was not taken back',
  },
  {
    of: /\.gate\.pods-ready$/,
    are: /\.every-pod$/,
    reason: 'Two rows of the protocol ask whether the same pods are ready',
  },
  {
    of: /\.gate\.response-time$/,
    are: /^strategy\.[a-z-]+\.latency$/,
    reason: 'Two rows of the protocol hold the same calls to the same limit of the P95',
  },
  {
    of: /^strategy\.[a-z-]+\.latency$/,
    are: /\.gate\.response-time$/,
    reason: 'Two rows of the protocol hold the same calls to the same limit of the P95',
  },
  {
    of: /\.gate\.(error-rate|zero-downtime|availability)$|\.no-call-lost\.[a-z-]+$/,
    are: /\.gate\.(error-rate|zero-downtime|availability)$|\.no-call-lost\.[a-z-]+$/,
    reason: 'A failed call is lost, and counts for every row of the protocol that counts lost calls',
  },
  {
    of: /\.gate\.rollback-time$/,
    are: /\.bad-version-turned-back$/,
    reason: 'Two rows of the protocol ask for the same rollback',
  },
  {
    of: /\.bad-version-turned-back$/,
    are: /\.gate\.rollback-time$/,
    reason: 'Two rows of the protocol ask for the same rollback',
  },
  {
    of: /^strategy\.[a-z-]+\.completed$/,
    are: /\.gate\.no-errors$/,
    reason: 'Two rows of the protocol ask whether the same rollout was completed',
  },
];

/** Why the twin of `check` may turn `other` red as well; both read the same history. */
export function companionOf(check: string, other: string): Companionship | undefined {
  return companionships.find(({ of, are }) => of.test(check) && are.test(other));
}
