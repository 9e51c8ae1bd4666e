import type { Kube } from '../kubernetes/kube.ts';

/**
 * What brings a namespace to the state that a Git branch declares. Flux is the first engine. A second one, Argo CD, would be a file of this
 * interface beside `flux.ts` and its name in `engines`: `follow` makes an Application with an automated sync policy (prune, self-heal) in
 * an AppProject that allows this namespace alone, and its repository Secret; `ask` sets the annotation argocd.argoproj.io/refresh;
 * `stages` reads `status.sync.revision`, `status.operationState` and `status.health`, and per resource `status.resources`; `suspend`
 * takes the automated policy away; `forget` deletes the Application without its finalizer. Its objects lie in Argo CD's own namespace
 * unless "applications in any namespace" is on: they need the run's labels, so that the sweep finds them. Nothing else changes.
 */
export interface GitOpsEngine {
  readonly name: string;
  /** Images of its controllers, by their names. */
  version: () => Promise<Record<string, string>>;
  /** Names that the desired state may refer to, by the placeholders that stand for them. */
  readonly placeholders: Readonly<Record<string, string>>;
  /** Makes it follow a branch. All that is created lies in the namespace and may change nothing outside of it. */
  follow: (source: BranchSource) => Promise<void>;
  /** Asks it to look at the branch now, and not when it would look anyway. */
  ask: () => Promise<void>;
  /** How far the cluster has come on its way to a commit. */
  stages: (commit: string) => Promise<Stages>;
  /** What each of its objects says about itself. */
  status: () => Promise<ObjectStatus[]>;
  /** Commits have no effect from now on, until `resume`. */
  suspend: () => Promise<void>;
  resume: () => Promise<void>;
  /** Leaves what was deployed alone from now on, so that the namespace can be removed without waiting for it. */
  forget: () => Promise<void>;
}

/** A branch, and the folder in it that declares the state of the namespace. */
export interface BranchSource {
  /** As the cluster reaches it. */
  url: string;
  branch: string;
  /** Relative to the root of the repository. */
  path: string;
  credentials?: { username: string; password: string };
}

/** Which stages on the way from a commit to the cluster are behind it. */
export interface Stages {
  /** The commit was fetched. */
  fetched: boolean;
  /** What the folder declares was applied. */
  applied: boolean;
  /** Releases that are as the commit wants them, and those that are not yet. */
  released: string[];
  pending: string[];
  /** Objects that say that this commit cannot be brought about. `final`: no further attempt will be made. */
  refusals: (ObjectStatus & { final: boolean })[];
}

/** What an object of the engine says about itself. */
export interface ObjectStatus {
  /** e.g. `HelmRelease/gateway`. */
  object: string;
  ready: boolean;
  /** e.g. `UpgradeFailed`. */
  reason: string;
  message: string;
  suspended: boolean;
}

/** What every engine is made with. */
export interface EngineContext {
  /** Bound to the namespace. */
  kube: Kube;
  /** Called before anything is written to the cluster. */
  onWrite: (verb: string, object: string) => void;
}
