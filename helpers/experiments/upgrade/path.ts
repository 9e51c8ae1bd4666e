import type { Mistake } from '../../errors.ts';
import type { Release, Target } from '../../target/schema.ts';
import { deployTarget } from '../deploy-target.ts';
import type { DeployedTarget } from '../deploy-target.ts';
import { prepareRelease } from '../releases.ts';
import { own, trial } from '../steps.ts';
import type { Experiment, ExperimentContext } from '../types.ts';
import { CALL_LENGTHS, withTraffic } from '../under-traffic.ts';
import { DocumentedSteps } from './blocks.ts';
import { configurationOf, findData, openFrontDoor, putData } from './data.ts';
import type { FrontDoor } from './data.ts';
import { changedReleases, previousImages, previousReleases, rollbackOrder } from './previous.ts';
import { podFacts, releaseFacts, waitUntilRolledOut } from './snapshot.ts';

/** The changes of `upgrade.path`, in their order: each is judged apart. */
export const hops = ['to-current', 'back', 'again'] as const;
export type Hop = (typeof hops)[number];

/**
 * The version before is installed, upgraded, rolled back and upgraded again, all under one traffic, in the way that the document says.
 * Facts, for each hop and for `before`: `data.AT`, `configuration.AT`, `pods.AT`, `releases.AT`; `versions`, `history.RELEASE`.
 */
export const upgradePath: Experiment = {
  id: 'upgrade.path',
  title: 'From the version before to the present one, back, and there again, under traffic',
  // The document's own commands are run.
  needs: ['kubectl'],
  // Each release is waited for four times, for as long as its own time-out allows; this is far more than any of them needs. In ms.
  timeLimitMs: 60 * 60_000,
  lacks: whatLacks,

  async run(context) {
    const { target } = context;
    const images = await previousImages(context);
    const deployed = await deployTarget(context, { releases: previousReleases(target), images });
    const { url, releases, namespace } = deployed;
    try {
      if (url === undefined) return;
      const before = Object.fromEntries(releases.map(({ name, chart }) => [name, describe(chart)]));
      const steps = await DocumentedSteps.open(context, namespace);
      const door = await openFrontDoor(context, { ...deployed, url });
      try {
        await travel(context, { deployed, url, door, steps, before });
      } finally {
        await door.api.close();
        steps.close();
      }
    } finally {
      await deployed.stopObserving();
    }
  },
};

/** The mistake of a target that declares no version before. */
export function whatLacks({ upgrade, file }: Pick<Target, 'upgrade' | 'file'>): Mistake | undefined {
  if (upgrade?.previous !== undefined) return undefined;
  return {
    what: 'The target does not say which version was before this one',
    where: `${file} upgrade.previous`,
    fix: 'declare the charts of the version before, so that the way from there can be tried',
  };
}

interface Journey {
  deployed: DeployedTarget;
  url: string;
  door: FrontDoor;
  steps: DocumentedSteps;
  /** Chart and version by release. */
  before: Record<string, string>;
}

async function travel(context: ExperimentContext, journey: Journey): Promise<void> {
  const { target, history } = context;
  const { deployed, url, door, before } = journey;
  const data = target.upgrade?.data ?? [];
  history.fact(
    'changed',
    changedReleases(target).map(({ name }) => name),
  );
  if (data.length > 0) await trial(context, 'data.put', 'put data in', () => putData(door.api, data));
  await inspect(context, journey, 'before');
  const revisions = await releaseFacts(deployed.helm, Object.keys(before));
  const current: Record<string, string> = {};
  await withTraffic(context, { url, token: door.token, lengths: CALL_LENGTHS }, async (watched) => {
    for (const hop of hops) {
      const done = await watched(
        async () =>
          (await (hop === 'back' ? rollBack(context, journey, revisions) : upgrade(context, journey, hop, current))) &&
          (await settle(context, deployed, hop)),
        hop,
      );
      await inspect(context, journey, hop);
      await journey.steps.run('verify', hop);
      // From a place that was not reached, the next one cannot be set out for.
      if (!done) break;
    }
  });
  history.fact('versions', { before, current, note: target.upgrade?.previous?.note });
  for (const name of Object.keys(before)) history.fact(`history.${name}`, await deployed.helm.history(name));
}

/** @returns whether it was done to the end. */
async function upgrade(
  context: ExperimentContext,
  { deployed, steps }: Journey,
  hop: Hop,
  current: Record<string, string>,
): Promise<boolean> {
  const { target, signal } = context;
  const { helm, namespace } = deployed;
  if (!(await steps.run('backup', hop))) return false;
  const images = await context.images();
  return inTurn(changedReleases(target), (declared) =>
    move(context, { hop, name: declared.name, what: 'upgrade' }, async () => {
      const release = await prepareRelease(helm, target, declared, { images, namespace });
      await helm.upgrade(release, { signal });
      current[declared.name] = describe(release.chart);
    }),
  );
}

async function rollBack(
  context: ExperimentContext,
  { deployed, steps }: Journey,
  revisions: Awaited<ReturnType<typeof releaseFacts>>,
): Promise<boolean> {
  const { target, signal } = context;
  if (!(await steps.run('before-rollback', 'back'))) return false;
  return inTurn(rollbackOrder(target), ({ name, timeout }) =>
    move(context, { hop: 'back', name, what: 'rollback' }, async () => {
      await deployed.helm.rollback(name, revisions[name]?.revision ?? 0, { timeout, signal });
    }),
  );
}

/** One release. Step: `HOP.RELEASE`. */
async function move(
  context: ExperimentContext,
  { hop, name, what }: { hop: Hop; name: string; what: string },
  work: () => Promise<void>,
): Promise<boolean> {
  const moved = await trial(context, `${hop}.${name}`, `helm ${what} ${name}`, () => work().then(() => true));
  return moved === true;
}

/** Helm does not wait for pods that end their calls. Step: `settled.HOP`. */
async function settle(context: ExperimentContext, { kube }: DeployedTarget, hop: Hop): Promise<boolean> {
  const settled = await trial(context, `settled.${hop}`, 'wait until the old pods are gone', () =>
    waitUntilRolledOut(kube, context.signal).then(() => true),
  );
  return settled === true;
}

async function inTurn(releases: readonly Release[], work: (release: Release) => Promise<boolean>): Promise<boolean> {
  for (const release of releases) if (!(await work(release))) return false;
  return true;
}

/** What is there at a place of the journey. */
async function inspect(context: ExperimentContext, { deployed, door, before }: Journey, at: Hop | 'before') {
  const { target, history } = context;
  const { kube, helm } = deployed;
  const data = target.upgrade?.data ?? [];
  if (data.length > 0) history.fact(`data.${at}`, await findData(door.api, data));
  await trial(context, `configuration.${at}`, `read the configuration (${at})`, async () => {
    history.fact(`configuration.${at}`, await configurationOf(door, target));
  });
  await own(context, `look.${at}`, `look at pods and releases (${at})`, async () => {
    history.fact(`pods.${at}`, await podFacts(kube));
    history.fact(`releases.${at}`, await releaseFacts(helm, Object.keys(before)));
  });
}

function describe({ name, version, appVersion }: { name: string; version: string; appVersion?: string }): string {
  return `${name} ${version}${appVersion === undefined ? '' : ` (app ${appVersion})`}`;
}
