import { messageOf } from '../../errors.ts';
import type { Mistake } from '../../errors.ts';
import type { ReleaseInput } from '../../helm/helm.ts';
import type { Target } from '../../target/schema.ts';
import { deployTarget } from '../deploy-target.ts';
import type { DeployedTarget } from '../deploy-target.ts';
import { prepareRelease } from '../releases.ts';
import { own, trial } from '../steps.ts';
import type { Experiment, ExperimentContext } from '../types.ts';
import { CALL_LENGTHS, underTraffic } from '../under-traffic.ts';
import { DocumentedSteps } from './blocks.ts';
import { openFrontDoor } from './data.ts';
import { previousImages, previousReleases } from './previous.ts';
import { ownedByNobody, podFacts, releaseFacts, waitUntilRolledOut } from './snapshot.ts';

type Failures = NonNullable<Target['upgrade']>['failures'];
type FailureId = keyof Failures;
type Failure = NonNullable<Failures[FailureId]>;

/** Upgrades that must fail, and what is wrong with them as it fits into a sentence. */
const upgradeFailures: Record<FailureId, string> = {
  'bad-image': 'an upgrade names an image that cannot be pulled',
  'failing-migration': 'the migration of an upgrade fails',
  'never-ready': 'the new replicas of an upgrade never get ready',
};

/** One experiment for each of them. Facts: `releases.before`, `pods.before`, `objects.before`, the same `after`, `history`. */
export const failingUpgrades: Experiment[] = (Object.keys(upgradeFailures) as FailureId[]).map((id) => ({
  id: `upgrade.${id}`,
  title: `Under traffic, ${upgradeFailures[id]}`,
  needs: [],
  // Deploying, failing and being taken back have time-outs of their own; this is far more than they need. In ms.
  timeLimitMs: 40 * 60_000,
  lacks: (target) => whatLacks(target, id),
  run: (context) => tryFailing(context, id),
}));

function whatLacks({ upgrade, file }: Target, id: FailureId): Mistake | undefined {
  if (upgrade?.failures[id] !== undefined) return undefined;
  return {
    what: `The target does not say how to make an upgrade fail in this way: ${upgradeFailures[id]}`,
    where: `${file} upgrade.failures.${id}`,
    fix: 'declare the values that make it fail, or say under notApplicable why it does not apply',
  };
}

async function tryFailing(context: ExperimentContext, id: FailureId): Promise<void> {
  const { target } = context;
  const failure = target.upgrade?.failures[id];
  if (failure === undefined) throw new Error(`the target declares no ${id}`);
  const installed =
    failure.from === 'current' ? {} : { releases: previousReleases(target), images: await previousImages(context) };
  const deployed = await deployTarget(context, installed);
  const { url } = deployed;
  try {
    if (url === undefined) return;
    const { api, token } = await openFrontDoor(context, { ...deployed, url });
    await api.close();
    const release = await badRelease(context, deployed, failure);
    await look(context, deployed, 'before');
    await underTraffic(context, { url, token, lengths: CALL_LENGTHS }, () => fail(context, deployed, failure, release));
    await look(context, deployed, 'after');
    context.history.fact('history', await deployed.helm.history(failure.release));
  } finally {
    await deployed.stopObserving();
  }
}

/** The present version of the release, with what makes its upgrade fail. */
async function badRelease(
  context: ExperimentContext,
  { helm, namespace }: DeployedTarget,
  { release, values, set, timeout }: Failure,
): Promise<ReleaseInput> {
  const { target } = context;
  const declared = target.releases.find(({ name }) => name === release);
  if (declared === undefined) throw new Error(`there is no release ${release}`);
  const bad = { ...declared, values: [...declared.values, ...values], set: { ...declared.set, ...set }, timeout };
  return prepareRelease(helm, target, bad, { images: await context.images(), namespace });
}

/** Steps: `attempt`, with whether helm told that it failed; `settled`. */
async function fail(
  context: ExperimentContext,
  { helm, kube, namespace }: DeployedTarget,
  { remedy }: Failure,
  release: ReleaseInput,
): Promise<void> {
  const { signal } = context;
  await own(
    context,
    'attempt',
    `helm upgrade ${release.name}, which must fail`,
    async () => {
      try {
        await (remedy === 'helm' ? helm.upgradeOrRollBack(release, { signal }) : helm.upgrade(release, { signal }));
        return { failed: false };
      } catch (thrown) {
        signal.throwIfAborted();
        return { failed: true, reason: reasonOf(messageOf(thrown)) };
      }
    },
    (attempt) => ({ ...attempt, remedy }),
  );
  if (remedy === 'document') {
    const steps = await DocumentedSteps.open(context, namespace);
    await steps.run('failed-upgrade', 'remedy').finally(() => {
      steps.close();
    });
  }
  await trial(context, 'settled', 'wait until the pods of the failed upgrade are gone', () =>
    waitUntilRolledOut(kube, signal),
  );
}

/** What helm gives as the reason, without what it logged on the way there. */
function reasonOf(message: string): string {
  const reason = /^Error: (.+)/ms.exec(message)?.[1] ?? message;
  return reason
    .replaceAll(/^level=.*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, 500);
}

async function look(context: ExperimentContext, { kube, helm, releases }: DeployedTarget, at: 'before' | 'after') {
  const { history } = context;
  const names = releases.map(({ name }) => name);
  await own(context, `look.${at}`, `look at pods and releases (${at})`, async () => {
    history.fact(`releases.${at}`, await releaseFacts(helm, names));
    history.fact(`pods.${at}`, await podFacts(kube));
    history.fact(`objects.${at}`, await ownedByNobody(kube));
  });
}
