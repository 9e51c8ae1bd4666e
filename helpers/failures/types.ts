import type { ClusterAccess } from '../cluster/provider.ts';
import type { Helm, ReleaseInput } from '../helm/helm.ts';
import type { HistoryWriter } from '../history/history.ts';
import type { Kube } from '../kubernetes/kube.ts';
import type { NodeOwner } from '../kubernetes/nodes.ts';
import type { Redactor } from '../kubernetes/redact.ts';
import type { Target } from '../target/schema.ts';

/**
 * Makes a failure happen, and writes every write into the history before it is done.
 * @throws CannotInject when that is not possible here.
 */
export type Inject = (site: FailureSite) => Promise<Injection>;

/** Where a failure is made: the target in its trial namespace. */
export interface FailureSite {
  target: Target;
  cluster: ClusterAccess;
  /** Absolute path of kubectl. */
  kubectl: string;
  /** Bound to the trial namespace. */
  kube: Kube;
  helm: Helm;
  releases: readonly ReleaseInput[];
  history: HistoryWriter;
  redactor: Redactor;
  signal: AbortSignal;
  /** For files that a failure needs. */
  folder: string;
  /** Names the run on what is changed outside of the namespace. */
  owner: NodeOwner;
}

/** A failure that was made. */
export interface Injection {
  /** What was done to what, for the history. */
  detail: Record<string, unknown>;
  /** Objects (`Kind/name`) that are rightly other than before once it has been dealt with. */
  mayDiffer?: string[];
  /** What of it a remedy has not taken away, outside of the namespace; empty when nothing is left. */
  remains?(): Promise<string[]>;
  /** Takes it back, as far as it is still there. Works after an abort too. */
  undo(): Promise<void>;
}

/** A failure cannot be made here: nothing is known about its runbook then. */
export class CannotInject extends Error {}
