import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ClusterAccess, ClusterPart, Progress } from '../cluster/provider.ts';
import { messageOf, UserError } from '../errors.ts';
import { seconds } from '../format.ts';
import { History, now } from '../history/history.ts';
import type { HistoryWriter } from '../history/history.ts';
import { collect } from '../kubernetes/collect.ts';
import { Kube } from '../kubernetes/kube.ts';
import { createNamespace } from '../kubernetes/namespace.ts';
import type { TrialNamespace } from '../kubernetes/namespace.ts';
import type { Redactor } from '../kubernetes/redact.ts';
import { lockOf, withFileLock } from '../file-lock.ts';
import type { Run } from '../run/run.ts';
import type { ImageLocations } from '../target/placeholders.ts';
import type { AnyTarget } from '../target/any.ts';
import { otherKind } from '../target/kind.ts';
import { recordTarget } from '../verdict/declared-target.ts';
import { SURROUNDINGS } from '../verdict/disturbance.ts';
import { refuseBesideExisting } from './existing.ts';
import { RedactedHistory } from './redacted-history.ts';
import { machineOf, Surroundings } from './surroundings.ts';
import type { Machine } from './surroundings.ts';
import type { AnyExperiment, Experiment, ExperimentContext, TargetVersion } from './types.ts';
import { undisturbed } from './undisturbed.ts';
import type { Disturbed } from './undisturbed.ts';

/** What an experiment runs on. What costs time is asked for only when an experiment really has to run. */
export interface RunnerOptions {
  run: Run;
  target: AnyTarget;
  cluster: () => Promise<ClusterAccess>;
  /** The same cluster with those of `parts` added that it lacks and that can be added. */
  ensureParts: (cluster: ClusterAccess, parts: readonly ClusterPart[]) => Promise<ClusterAccess>;
  /** The helm command for experiments that need no cluster. */
  helm: () => Promise<string>;
  images: (cluster: ClusterAccess, version?: TargetVersion) => Promise<ImageLocations>;
  /** Where traffic is to come from prober pods: how many, and how the cluster gets their image. */
  probers?: { count: number; image: (cluster: ClusterAccess) => Promise<string> } | undefined;
  redactor: Redactor;
  progress: Progress;
  /** Aborts on Ctrl-C and when the test ends. */
  signal: AbortSignal;
  calm?: (signal: AbortSignal) => Promise<void>;
  /** What is watched beside the cluster; by default the machine as it is. */
  machine?: Machine;
}

/** Folder of an experiment's run: its history, and what was collected when something failed. */
export function experimentFolder(run: Run, target: Pick<AnyTarget, 'name'>, id: string): string {
  return join(run.folder, 'experiments', target.name, id);
}

/** Below an experiment's folder: evidence of a failure. */
export const ARTIFACTS = 'artifacts';

/**
 * The history of an experiment in this run: the first who asks runs it, in whatever process, all others wait for the same history. One
 * that has a verdict is never run again in the same run, for a second attempt would hide the first; see `undisturbed` for what has none.
 * @throws UserError when it tries another kind of target, before anything is written.
 */
export async function runExperiment(experiment: AnyExperiment, options: RunnerOptions): Promise<History> {
  const { kind = 'McpGateway' } = experiment;
  if (options.target.kind !== kind) throw otherKind(options.target, kind);
  const folder = experimentFolder(options.run, options.target, experiment.id);
  const file = join(folder, 'history.jsonl');
  mkdirSync(folder, { recursive: true });
  const finished = History.read(file);
  if (finished?.end !== undefined) return finished;
  return withFileLock(file, async () => {
    const begun = History.read(file);
    if (begun === undefined) {
      const progress = (message: string) => {
        options.progress(`${experiment.id}: ${message}`);
      };
      const { signal, calm } = options;
      await undisturbed({ folder, history: file, lock: lockOf(file), progress, signal, calm }, (before) =>
        perform(experiment, folder, options, before),
      );
    } else if (begun.end === undefined) closeCutOff(file, options.redactor);
    return History.read(file) ?? new History([]);
  });
}

/** Ends the history of a process that was killed. Half a line is no record, and would spoil the one that comes after it. */
function closeCutOff(file: string, redactor: Redactor): void {
  truncateSync(file, readFileSync(file).lastIndexOf('\n') + 1);
  new RedactedHistory(file, redactor).end('aborted', 'the process that ran it was killed');
}

async function perform(
  any: AnyExperiment,
  folder: string,
  options: RunnerOptions,
  before: readonly Disturbed[],
): Promise<void> {
  // That it tries targets of this kind was seen to by `runExperiment`; the type of the pair cannot say so.
  const experiment = any as Experiment<AnyTarget>;
  const { run, target, redactor, progress } = options;
  const history = new RedactedHistory(join(folder, 'history.jsonl'), redactor);
  history.append({ type: 'begin', at: now(), experiment: experiment.id, target: target.name, run: run.id });
  recordTarget(history, target);
  if (before.length > 0) history.fact('disturbed', before);

  const tell = (message: string) => {
    progress(`${experiment.id}: ${redactor.text(message)}`);
  };
  const surroundings = new Surroundings(options.machine ?? machineOf(folder));
  const timeLimit = AbortSignal.timeout(experiment.timeLimitMs);
  const signal = AbortSignal.any([timeLimit, options.signal]);
  const namespaces: Promise<TrialNamespace>[] = [];
  let failure: string | undefined;
  try {
    const context = await contextFor(
      experiment,
      { ...options, signal, progress: tell },
      { folder, history, namespaces, surroundings },
    );
    // What does not heed the signal must not hold up the end of the run.
    await Promise.race([experiment.run(context), rejectOn(signal)]);
  } catch (thrown) {
    failure = timeLimit.aborted
      ? `its time limit of ${seconds(experiment.timeLimitMs)} was reached`
      : messageOf(thrown);
    tell(`aborted: ${failure}`);
  }
  const ownNodes = History.read(history.file)?.writes.some(({ object }) => object.startsWith('Node/')) ?? false;
  const troubles = await surroundings.stop({ ownNodes });
  if (troubles.length > 0) {
    history.fact(SURROUNDINGS, troubles);
    tell(`says nothing about the target: ${troubles.join('; ')}`);
  }
  await cleanUp(namespaces, { folder, history, redactor, tell, failed: failure !== undefined });
  history.end(failure === undefined ? 'completed' : 'aborted', failure);
}

async function contextFor(
  experiment: Experiment<AnyTarget>,
  options: RunnerOptions,
  {
    folder,
    history,
    namespaces,
    surroundings,
  }: { folder: string; history: HistoryWriter; namespaces: Promise<TrialNamespace>[]; surroundings: Surroundings },
): Promise<ExperimentContext<AnyTarget>> {
  const { run, target, redactor, progress, signal } = options;
  const lacking = experiment.lacks?.(target);
  if (lacking !== undefined) throw new UserError(lacking);
  const common = { target, history, redactor, folder, progress, signal };
  if (experiment.clusterless === true) {
    const none = () => {
      throw new Error(`${experiment.id} said that it needs no cluster`);
    };
    return {
      ...common,
      helm: experiment.helmless === true ? '' : await options.helm(),
      get cluster(): ClusterAccess {
        return none();
      },
      images: () => Promise.resolve(standInImages(target)),
      namespace: none,
    };
  }
  const parts = [...experiment.needs, ...(experiment.wants ?? [])];
  const cluster = await options.ensureParts(await options.cluster(), parts);
  requireParts(experiment, cluster);
  const kube = Kube.connect(cluster);
  surroundings.add(Kube.connect(cluster));
  const { probers } = options;
  return {
    ...common,
    cluster,
    ...(probers === undefined ? {} : { probers: { count: probers.count, image: () => probers.image(cluster) } }),
    helm: cluster.helm,
    images: (version) => options.images(cluster, version),
    namespace: () => {
      signal.throwIfAborted();
      if (target.kind === 'McpGateway') refuseBesideExisting(experiment, target);
      const namespace = createNamespace(kube, { run: run.id, test: experiment.id, owner: run.owner, history });
      namespaces.push(namespace);
      return namespace;
    },
  };
}

/** What templates are rendered with where nothing is pulled. */
function standInImages({ images }: AnyTarget): ImageLocations {
  return Object.fromEntries(images.map(({ name }) => [name, { repository: `registry.invalid/${name}`, tag: 'trial' }]));
}

function requireParts({ id, needs }: Pick<Experiment, 'id' | 'needs'>, { parts, provider }: ClusterAccess): void {
  const missing = needs.filter((part) => !parts.includes(part));
  if (missing.length === 0) return;
  throw new UserError({
    what: `The experiment ${id} needs what the cluster does not have: ${missing.join(', ')}`,
    where: `the cluster of provider ${provider}`,
    fix: 'install it, or use another provider',
  });
}

/** Evidence first, then the namespaces, the latest first. What cannot be removed is told and recorded; the next start sweeps it. */
async function cleanUp(
  namespaces: Promise<TrialNamespace>[],
  {
    folder,
    history,
    redactor,
    tell,
    failed,
  }: { folder: string; history: RedactedHistory; redactor: Redactor; tell: Progress; failed: boolean },
): Promise<void> {
  const hasFailedStep = History.read(history.file)?.steps.some(({ ok }) => !ok) ?? false;
  const troubles: string[] = [];
  // One that could not be made has removed itself; one that is still being made is waited for.
  const made = (await Promise.allSettled(namespaces)).flatMap((result) =>
    result.status === 'fulfilled' ? [result.value] : [],
  );
  for (const namespace of made.toReversed()) {
    if (failed || hasFailedStep) await keepArtifacts(namespace, join(folder, ARTIFACTS, namespace.name), redactor);
    tell(`removing namespace ${namespace.name}`);
    await namespace.dispose().catch((thrown: unknown) => troubles.push(messageOf(thrown)));
  }
  // Recorded without trouble too: only then it is known that nothing was left.
  if (made.length > 0) history.fact('teardown.trouble', troubles);
  if (troubles.length > 0) tell(`left behind: ${troubles.join('; ')}`);
}

async function keepArtifacts({ kube, name }: TrialNamespace, folder: string, redactor: Redactor): Promise<void> {
  for (const artifact of await collect(kube, name, redactor)) {
    const file = join(folder, artifact.name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, artifact.body);
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const refuse = () => {
      reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
    };
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, { once: true });
  });
}
