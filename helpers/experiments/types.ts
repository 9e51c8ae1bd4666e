import type { HistoryWriter } from '../history/history.ts';
import type { ClusterAccess, ClusterPart } from '../cluster/provider.ts';
import type { Mistake } from '../errors.ts';
import type { Redactor } from '../kubernetes/redact.ts';
import type { ImageLocations } from '../target/placeholders.ts';
import type { AnyTarget } from '../target/any.ts';
import type { ModelTarget } from '../target/model/schema.ts';
import type { Target } from '../target/schema.ts';
import type { TrialNamespace } from '../kubernetes/namespace.ts';

/** One procedure on a live cluster that yields a history. Runs once per run and target; all who need it read its history. */
export interface Experiment<T extends AnyTarget = Target> {
  /** e.g. `first-tool-call`. */
  id: string;
  title: string;
  /** The kind of target that it tries; that of an MCP gateway unless it says otherwise. */
  kind?: T['kind'];
  /** Known before the run, so that what is missing is said at once. */
  needs: ClusterPart[];
  /** Parts that it uses where the cluster has them or can have them added, and does without elsewhere. */
  wants?: ClusterPart[];
  /**
   * What a target lacks that this experiment cannot do without; undefined when it lacks nothing. Asked before any cluster, so that nobody
   * waits for parts that nothing is tried with.
   */
  lacks?(target: T): Mistake | undefined;
  /** What it may take at most, in ms; after that it is aborted and its history says so. */
  timeLimitMs: number;
  /** Needs no cluster: `context.cluster` must not be read. */
  clusterless?: boolean;
  /** Calls no Helm either, so that none has to be found or built: `context.helm` is empty. */
  helmless?: boolean;
  run(context: ExperimentContext<T>): Promise<void>;
}

/** An experiment on a model; it has to say so. */
export type ModelExperiment = Experiment<ModelTarget> & { kind: 'Model' };

/** An experiment on whatever kind of target. */
export type AnyExperiment = Experiment | ModelExperiment;

/** The version on trial, and the one before it. */
export type TargetVersion = 'current' | 'previous';

export interface ExperimentContext<T extends AnyTarget = Target> {
  target: T;
  history: HistoryWriter;
  /** @throws Error in an experiment that said it needs no cluster. */
  cluster: ClusterAccess;
  /** The helm command. */
  helm: string;
  /**
   * Where the target's images are; builds and pushes them first if that has not been done. `previous`: those of the version before, which
   * may be fewer.
   */
  images(version?: TargetVersion): Promise<ImageLocations>;
  /** Takes secrets out of whatever is written; secrets that come into being are added to it. */
  redactor: Redactor;
  /** Where traffic is to come from pods in the cluster: how many, and the image that they run. Else it comes from this machine. */
  probers?: { count: number; image: () => Promise<string> };
  /** A fresh namespace that belongs to this experiment alone; removed when the experiment ends. */
  namespace(): Promise<TrialNamespace>;
  /** Aborts on the time limit and on Ctrl-C. */
  signal: AbortSignal;
  /** Folder of this experiment's run, for raw attachments (rendered manifests, logs). */
  folder: string;
  /** Tells the person who watches what happens now. */
  progress(message: string): void;
}
