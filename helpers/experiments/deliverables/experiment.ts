import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST } from '../../deliverables/commands.ts';
import { deliverables } from '../../deliverables/deliver.ts';
import type { Deliverable } from '../../deliverables/deliver.ts';
import type { AppliedFact, DeliveredFact, ScriptFact, ScriptRun } from '../../deliverables/facts.ts';
import { rollbackScript } from '../../deliverables/rollback-script.ts';
import { isMeshed, slotOf, workloadName } from '../../deliverables/slots.ts';
import type { Kube } from '../../kubernetes/kube.ts';
import { createSecrets } from '../../kubernetes/secrets.ts';
import { runBlock } from '../../runbooks/execute.ts';
import { makeWorkbench } from '../../runbooks/workbench.ts';
import type { Workbench } from '../../runbooks/workbench.ts';
import { entryOf } from '../../serving/entry.ts';
import type { ModelTarget, Strategy } from '../../target/model/schema.ts';
import type { ImageLocations } from '../../target/placeholders.ts';
import { strategyName } from '../../planning/text.ts';
import { waitUntil } from '../../wait.ts';
import { own, trial } from '../steps.ts';
import { askAtEntry } from '../strategies/ask.ts';
import type { AskedSample } from '../strategies/ask.ts';
import { lacksPredictions } from '../strategies/experiment.ts';
import type { ExperimentContext, ModelExperiment } from '../types.ts';
import { appliedIn } from './applied.ts';
import { serverProcess } from './server.ts';

/** Five scripts, each of which brings up a model that starts in seconds. In ms. */
const LIMIT_MS = 20 * 60_000;
/** A script that takes longer than this hangs, in ms: a plan without its dwell times takes a minute or two. */
const SCRIPT_LIMIT_MS = 6 * 60_000;
/** Until the nodes know who serves now, in ms. */
const ANSWER_LIMIT_MS = 30_000;
/** That the scripts work is on trial here, not what time brings to light: of half an hour of watching two seconds are left. */
const FACTOR = 0.001;

/** Those whose script comes to an end by itself: an A/B test waits for the decision of people. */
const executed: readonly Strategy[] = ['rolling', 'recreate', 'blue_green', 'canary'];

/** The scripts of each strategy, really executed: a deployment, and both ways back. */
export const deliverableExperiments: readonly ModelExperiment[] = executed.map((strategy) => ({
  id: `deliverables.${strategy.replaceAll('_', '-')}`,
  kind: 'Model',
  title: `${strategyName(strategy)}: deploy.sh and rollback-script.sh executed in an empty namespace`,
  needs: isMeshed(strategy) ? ['kubectl', 'istio'] : ['kubectl'],
  timeLimitMs: LIMIT_MS,
  lacks: lacksPredictions,
  run: (context) => execute(context, strategy),
}));

interface Desk {
  context: ExperimentContext<ModelTarget>;
  kube: Kube;
  bench: Workbench;
  namespace: string;
}

/**
 * Writes the deliverables and runs their scripts as an operator would, with kubectl and a kubeconfig of the namespace. Steps: `namespace`,
 * `secrets`, `write`, `script.NAME`, `server`. Facts: `delivered`, `script.NAME`, `applied`, `server.process`.
 */
async function execute(context: ExperimentContext<ModelTarget>, strategy: Strategy): Promise<void> {
  const { target, history, cluster, redactor } = context;
  const images = await context.images();
  const { name: namespace, kube } = await own(context, 'namespace', 'make a namespace', () => context.namespace());
  await own(context, 'secrets', 'make the Secrets', () => createSecrets(kube, target.secrets, { redactor, history }));
  const access = { ...cluster, kubectl: cluster.kubectl ?? 'kubectl' };
  const bench = await makeWorkbench({ access, namespace, releases: [], redactor, also: ['curl'] });
  try {
    const folder = await own(context, 'write', 'write the deliverables', () =>
      Promise.resolve(deliver(context, bench, strategy, images)),
    );
    const desk = { context, kube, bench, namespace };
    const { stable, candidate } = target.versions;
    const deploy = `'${folder}/deploy.sh' --namespace "$NAMESPACE"`;
    const forward = `${deploy} --factor ${String(FACTOR)}`;
    const first: [ScriptRun, string, string] = [
      'first',
      `'${folder}/first/deploy.sh' --namespace "$NAMESPACE" --factor ${String(FACTOR)}`,
      stable.modelVersion,
    ];
    const runs: [ScriptRun, string, string][] = [
      ...(slotOf(strategy, 'stable') === undefined ? [first] : []),
      ['deploy', forward, candidate.modelVersion],
      ['rollback', `${deploy} --rollback`, stable.modelVersion],
      ['again', forward, candidate.modelVersion],
      ['rollback-script', `'${folder}/rollback-script.sh' "$NAMESPACE"`, stable.modelVersion],
    ];
    let applied: AppliedFact = {};
    for (const [name, command, expected] of runs) {
      const done = await runScript(desk, name, command, expected);
      // What comes after it would say nothing.
      if (done === undefined) return;
      // What a rollback takes away was applied nevertheless.
      applied =
        name === 'rollback' ? { ...(await appliedIn(kube)), ...applied } : { ...applied, ...(await appliedIn(kube)) };
      history.fact('applied', applied);
      if (name === 'deploy') {
        const where = { deployment: workloadName(target.name, strategy, 'candidate'), version: expected };
        const server = await trial(context, 'server', 'read what the server was started with', () =>
          serverProcess(context, bench, where),
        );
        if (server !== undefined) history.fact('server.process', server);
      }
    }
  } finally {
    bench.dispose();
  }
}

/** @returns the folder of the deliverables. What had one Deployment before was brought in by a script of the same kind: that in `first`. */
function deliver(
  { target, history }: ExperimentContext<ModelTarget>,
  bench: Workbench,
  strategy: Strategy,
  images: ImageLocations,
): string {
  const folder = join(bench.folder, 'deliverables');
  const files = deliverables(target, images, strategy);
  const manifest = files.find(({ name }) => name === MANIFEST)?.content ?? '';
  const script = { name: 'rollback-script.sh', content: rollbackScript(target, strategy, manifest), executable: true };
  write(folder, [...files, script]);
  if (slotOf(strategy, 'stable') === undefined) {
    const { stable } = target.versions;
    const first = { ...target, versions: { ...target.versions, candidate: stable } };
    write(join(folder, 'first'), deliverables(first, images, strategy));
  }
  const fact: DeliveredFact = {
    strategy,
    factor: FACTOR,
    files: [...files, script].map(({ name, content }) => ({ name, content })),
  };
  history.fact('delivered', fact);
  return folder;
}

function write(folder: string, files: readonly Deliverable[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { name, content, executable } of files)
    writeFileSync(join(folder, name), content, { mode: executable ? 0o755 : 0o644 });
}

/** @returns undefined when it failed. */
function runScript(desk: Desk, name: ScriptRun, command: string, expected: string): Promise<ScriptFact | undefined> {
  const { context, bench, namespace } = desk;
  const { history, signal, redactor } = context;
  // As it is written down, without the folder of this one machine.
  const shown = command.replaceAll(`${bench.folder}/deliverables/`, '');
  return trial(context, `script.${name}`, `${shown}: ${expected} has to serve`, async () => {
    history.write(shown, 'model', namespace);
    const block = { role: 'remedy', line: 1, script: command } as const;
    const { exitCode, ms, output, ok } = await runBlock(block, bench, { timeoutMs: SCRIPT_LIMIT_MS, signal, redactor });
    const samples = ok ? await answersOf(desk, expected) : [];
    const fact: ScriptFact = {
      command: shown,
      ...(exitCode === undefined ? {} : { exitCode }),
      ms,
      output,
      expected,
      samples,
    };
    history.fact(`script.${name}`, fact);
    if (!ok) throw new Error(`${shown} ended with ${String(exitCode ?? 'no exit code')}`);
    return fact;
  });
}

/** How the samples are predicted where users enter, as soon as only the expected version answers; as it is at last, when it does not. */
async function answersOf({ context, kube }: Desk, expected: string): Promise<AskedSample[]> {
  const { target, cluster, signal } = context;
  const { url } = await entryOf(kube, target, { parts: cluster.parts, signal });
  let answers: AskedSample[] = [];
  const isServed = async () => {
    answers = await askAtEntry(target, url);
    return answers.every(({ outcome, version }) => outcome === 'served' && version === expected);
  };
  await waitUntil(`${expected} answers`, isServed, { timeoutMs: ANSWER_LIMIT_MS, everyMs: 200, signal }).catch(() => {
    signal.throwIfAborted();
  });
  return answers;
}
