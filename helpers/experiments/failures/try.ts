import { setTimeout as delay } from 'node:timers/promises';
import type { KnownFailure } from '../../failures/catalogue.ts';
import { injectors } from '../../failures/index.ts';
import { CannotInject, type FailureSite, type Injection } from '../../failures/types.ts';
import { messageOf } from '../../errors.ts';
import { describeBlock } from '../../runbooks/execute.ts';
import type { Runbook } from '../../runbooks/types.ts';
import type { Workbench } from '../../runbooks/workbench.ts';
import { waitUntil } from '../../wait.ts';
import { own, trial } from '../steps.ts';
import type { ExperimentContext } from '../types.ts';
import { allOk, look, lookUntil, runBlocks, type BlocksOptions } from './blocks.ts';
import { differences, newSign, signsOf, stateOf, whyUnwell } from './state.ts';

/** A symptom that is not seen by then is not seen at all, in ms: longer than any limit that it is held to. */
const DETECT_WAIT_MS = 200_000;
/** The same for the remedy, and for the verification after it. */
const REMEDY_WAIT_MS = 330_000;
/** Traffic is watched for so long after the verification, in ms: what is well must stay well. */
const CALM_MS = 5_000;
/** After a runbook that did not work: until what was made is taken back and all runs again, in ms. */
const SETTLE_WAIT_MS = 180_000;

export interface TryOptions {
  context: ExperimentContext;
  site: FailureSite;
  workbench: Workbench;
}

/**
 * Makes a failure, looks for the symptom that its runbook names, runs the remedy and the verification, and takes back what is left of the
 * failure. Steps: `before.ID`, `inject.ID`, `detect.ID`, `remedy.ID`, `verify.ID`, `calm.ID`, `undo.ID`, `settle.ID`; facts: `blocks.ID`
 * (what the blocks printed), `restored.ID`, and `skipped.ID` with the reason where it could not be made.
 * @returns whether the target is well afterwards.
 */
export async function tryFailure(options: TryOptions, failure: KnownFailure, runbook: Runbook): Promise<boolean> {
  const { context, site } = options;
  const { history } = context;
  const { id } = failure;
  // Whether the target is well is found out afterwards, whatever went wrong here.
  const tell = (thrown: unknown) => {
    context.progress(`${failure.title} could not be taken back: ${messageOf(thrown)}`);
  };
  history.fact(`promised.${id}`, { file: runbook.file, ...runbook.limits });
  const before = await own(
    context,
    `before.${id}`,
    `before ${failure.title}`,
    async () => ({
      symptom: allOk(await look(runbook, 'detect', blocksOptions(options))),
      state: await stateOf(site.kube, site.helm, namesOf(site)),
      signs: await signsOf(site.kube),
    }),
    ({ symptom }) => ({ symptom }),
  );
  const injection = await inject(options, failure);
  if (injection === undefined) return settle(options, id);
  try {
    await detect(options, id, runbook, before.signs);
    await repair(options, id, runbook);
    await trial(context, `calm.${id}`, 'watch what comes after it', () =>
      delay(CALM_MS, undefined, { signal: context.signal }),
    );
    const now = await stateOf(site.kube, site.helm, namesOf(site));
    const left = [...differences(before.state, now, injection.mayDiffer), ...((await injection.remains?.()) ?? [])];
    history.fact(`restored.${id}`, { differences: left });
  } finally {
    // After an abort too: what was done outside of the namespace would stay.
    await history.step(`undo.${id}`, `take back that ${failure.title}`, () => injection.undo()).catch(tell);
  }
  return settle(options, id);
}

function blocksOptions({ context, workbench }: TryOptions): BlocksOptions {
  return { workbench, redactor: context.redactor, signal: context.signal };
}

function namesOf({ releases }: FailureSite): string[] {
  return releases.map(({ name }) => name);
}

/** @returns undefined when it could not be made. */
async function inject({ context, site }: TryOptions, { id, title }: KnownFailure): Promise<Injection | undefined> {
  return trial(
    context,
    `inject.${id}`,
    title,
    async () => {
      try {
        return await injectors[id](site);
      } catch (thrown) {
        context.signal.throwIfAborted();
        const why = thrown instanceof CannotInject ? thrown.message : `it could not be made: ${messageOf(thrown)}`;
        context.history.fact(`skipped.${id}`, why);
        throw thrown;
      }
    },
    ({ detail }) => detail,
  );
}

/** By the runbook's own block; where it has none, by what Kubernetes itself shows. */
async function detect(
  options: TryOptions,
  id: string,
  runbook: Runbook,
  before: Parameters<typeof newSign>[0],
): Promise<void> {
  const { context, site } = options;
  const own = runbook.blocks.some(({ role }) => role === 'detect');
  const see = async () => {
    if (!own) {
      const sign = newSign(before, await signsOf(site.kube));
      return sign === undefined ? undefined : { by: 'kubernetes', sign };
    }
    return allOk(await look(runbook, 'detect', blocksOptions(options))) ? { by: 'runbook' } : undefined;
  };
  await trial(
    context,
    `detect.${id}`,
    'look for the symptom',
    async () => {
      const seen = await lookUntil(see, { timeoutMs: DETECT_WAIT_MS, signal: context.signal });
      if (seen === undefined) throw new Error(`no symptom was seen within ${String(DETECT_WAIT_MS / 1000)} s`);
      return seen;
    },
    (seen) => seen,
  );
}

/** Runs the remedy, and then the verification until it holds. A remedy that fails is not verified: an operator would stop there too. */
async function repair(options: TryOptions, id: string, runbook: Runbook): Promise<void> {
  const { context } = options;
  const { history, signal } = context;
  const blocks = blocksOptions(options);
  const remedied = await trial(
    context,
    `remedy.${id}`,
    `follow ${runbook.file}`,
    async () => {
      const results = await runBlocks(runbook, 'remedy', blocks, REMEDY_WAIT_MS);
      history.fact(`blocks.${id}.remedy`, results);
      const failed = results.find(({ ok }) => !ok);
      if (failed !== undefined) throw new Error(describeBlock(failed));
      return results;
    },
    (results) => ({ blocks: results.length }),
  );
  if (remedied === undefined) return;
  await trial(
    context,
    `verify.${id}`,
    'verify that it worked',
    async () => {
      let last = await runBlocks(runbook, 'verify', blocks, REMEDY_WAIT_MS);
      const looks = { timeoutMs: REMEDY_WAIT_MS, signal };
      if (last.length > 0 && !allOk(last)) {
        await lookUntil(async () => {
          last = await look(runbook, 'verify', blocks);
          return allOk(last) ? true : undefined;
        }, looks);
      }
      history.fact(`blocks.${id}.verify`, last);
      const failed = last.find(({ ok }) => !ok);
      if (failed !== undefined) throw new Error(describeBlock(failed));
      return last;
    },
    (results) => ({ blocks: results.length }),
  );
}

/** Nothing is made before all runs again: a failure on top of another one would be blamed for it. */
async function settle({ context, site }: TryOptions, id: string): Promise<boolean> {
  const { signal } = context;
  const well = await trial(context, `settle.${id}`, 'wait until all runs again', async () => {
    if ((await whyUnwell(site.kube)).length === 0) return true;
    const run = async () => {
      const why = await whyUnwell(site.kube);
      if (why.length > 0) throw new Error(why.join(', '));
      return true;
    };
    const limits = { timeoutMs: SETTLE_WAIT_MS, everyMs: 500, signal };
    await waitUntil('everything in the namespace runs', run, limits);
    await delay(CALM_MS, undefined, { signal });
    return true;
  });
  return well === true;
}
