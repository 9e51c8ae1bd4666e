import { messageOf } from '../../errors.ts';
import { apiChanges } from '../../gateways/types.ts';
import { kinds } from '../../kubernetes/resources.ts';
import { waitFor } from '../../kubernetes/wait.ts';
import type { ByValues } from '../../target/changes.ts';
import type { Target } from '../../target/schema.ts';
import type { ChangeExperiment } from './experiment.ts';
import { upgrade } from './overrides.ts';
import { prepareByApi, prepareByValues } from './prepare.ts';
import type { Session } from './session.ts';

type Changes = NonNullable<Target['changes']>;

/** How long the first new pod of a rolling change may take to be made, in ms. */
const ROLLING_LIMIT_MS = 60_000;

const byApi = (changes: Changes) => apiChanges.some((id) => changes[id as keyof Changes] === 'api');

/** Two changes through the administration, the second as soon as the first was answered: neither may get lost. */
export const twoInARow: ChangeExperiment = {
  id: 'config.two-in-a-row',
  field: 'tool-state (or another change): api',
  declared: byApi,
  async prepare(session) {
    const two = apiChanges.filter((id) => session.adapter?.changes?.[id] !== undefined).slice(0, 2);
    if (two.length < 2) throw new Error('the administration is not known to offer two changes');
    return (await prepareByApi(session, two)).forth;
  },
};

/**
 * While a change rolls through the pods, another one is made through the administration, and a third person upgrades the same release,
 * which Helm has to refuse. Step: `meanwhile`; fact: `upgrade.meanwhile`.
 */
export const whileRolling: ChangeExperiment = {
  id: 'config.while-rolling',
  field: 'rate-limit (or plugin) with restarts, and tool-state: api',
  declared: (changes) => rolling(changes) !== undefined && byApi(changes),
  async prepare(session) {
    const first = rolling(session.changes);
    if (first === undefined) throw new Error('the target declares no change that rolls');
    const [change] = apiChanges.filter((id) => session.changes[id as keyof Changes] === 'api');
    const rolls = await prepareByValues(session, first, 'settings');
    const { forth } = await prepareByApi(session, change === undefined ? [] : [change]);
    return {
      ...rolls,
      apply: () => Promise.all([rolls.apply(), meanwhile(session, first, forth.apply)]),
      ask: async (pod, api) => ((await rolls.ask?.(pod, api)) ?? true) && ((await forth.ask?.(pod, api)) ?? true),
    };
  },
};

function rolling(changes: Changes): ByValues | undefined {
  return [changes['rate-limit'], changes.plugin].find(
    (way): way is ByValues => typeof way === 'object' && way.restarts,
  );
}

async function meanwhile(session: Session, { release }: ByValues, change: () => Promise<unknown>): Promise<void> {
  const { context, deployed, serving } = session;
  const { history, signal } = context;
  const { labelSelector } = serving;
  const { items } = await deployed.kube.list(kinds.pod, { labelSelector });
  const before = new Set(items.map(({ metadata }) => metadata?.uid));
  await waitFor(
    deployed.kube,
    'the first new pod is there',
    { resource: kinds.pod, selection: { namespace: deployed.namespace, labelSelector } },
    (pods) => pods.some(({ metadata }) => !before.has(metadata?.uid)),
    { timeoutMs: ROLLING_LIMIT_MS, signal },
  );
  await history.step('meanwhile', 'the second change', change);
  const answer = await upgrade(session, release, []).then(
    () => 'accepted',
    (thrown: unknown) => messageOf(thrown),
  );
  signal.throwIfAborted();
  history.fact('upgrade.meanwhile', { refused: answer !== 'accepted', answer });
}
