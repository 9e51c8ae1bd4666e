import { lists } from '../../gateways/normalise.ts';
import type { ServingPods } from '../../gateways/reach.ts';
import type { ApiChangeId, ChangeKind, GatewayApi } from '../../gateways/types.ts';
import { kinds } from '../../kubernetes/resources.ts';
import type { Pod } from '../../kubernetes/resources.ts';
import type { ByValues } from '../../target/changes.ts';
import { digest } from '../gitops/state.ts';
import { upgrade } from './overrides.ts';
import type { Session } from './session.ts';

/** A change that is ready to be made. */
export interface Prepared {
  kind: ChangeKind;
  /** No pod has to be replaced for it. */
  hot: boolean;
  /** How it is made, for the history. */
  way: string;
  apply: () => Promise<unknown>;
  /** Whether a pod serves it; left out where it shows in other ways. */
  ask?: Ask;
  /** The pods that are asked; default: those that serve clients. */
  pods?: Pick<ServingPods, 'labelSelector'>;
}

export type Ask = (pod: Pod, api: GatewayApi) => Promise<boolean>;

/** How a change by Helm values shows in a pod: the tool that it is about comes or goes, its settings are others, it is another pod. */
export type Effect = 'tool' | 'settings' | 'pod';

/** Prepares a change in the way that the target declares for it. */
export async function prepareDeclared(
  session: Session,
  id: ApiChangeId | 'image-upgrade' | 'scale-in',
  effect: Effect | undefined,
): Promise<Prepared> {
  const way = session.changes[id];
  if (way === undefined) throw new Error(`the target declares no way for "${id}"`);
  if (way === 'api') return (await prepareByApi(session, [id as ApiChangeId])).forth;
  return prepareByValues(session, way, effect);
}

export async function prepareByValues(
  session: Session,
  { release, to, kind, restarts }: ByValues,
  effect: Effect | undefined,
): Promise<Prepared> {
  return {
    kind,
    hot: !restarts,
    way: 'helm upgrade',
    apply: () => upgrade(session, release, [{ release, overrides: to }]),
    ...(effect === undefined ? {} : { ask: await asking(session, effect) }),
  };
}

/**
 * Prepares changes that are made one right after the other through the administration, and the way back, in reverse.
 * @throws Error when the administration does not offer one of them.
 */
export async function prepareByApi(
  { adapter, front, subject }: Session,
  ids: readonly ApiChangeId[],
): Promise<{ forth: Prepared; back: Prepared }> {
  const changes = await Promise.all(
    ids.map((id) => {
      const prepare = adapter?.changes?.[id];
      if (prepare === undefined) throw new Error(`the administration is not known to offer "${id}"`);
      return prepare(front, subject);
    }),
  );
  const common = {
    kind: changes.some(({ kind }) => kind === 'policy') ? ('policy' as const) : ('gateway' as const),
    hot: true,
    way: 'administration',
  };
  const effects = (pod: GatewayApi) => Promise.all(changes.map(({ effect }) => effect(pod)));
  const inTurn = (steps: readonly (() => Promise<unknown>)[]) => async () => {
    for (const step of steps) await step();
  };
  return {
    forth: {
      ...common,
      apply: inTurn(changes.map(({ apply }) => apply)),
      ask: async (_pod, api) => (await effects(api)).every(Boolean),
    },
    back: {
      ...common,
      apply: inTurn(changes.map(({ undo }) => undo).toReversed()),
      ask: async (_pod, api) => !(await effects(api)).some(Boolean),
    },
  };
}

async function asking(session: Session, effect: Effect): Promise<Ask> {
  const { subject, adapter, front } = session;
  if (effect === 'tool') {
    const listed = (await front.tools()).includes(subject.tool);
    return (_pod, api) => lists(subject.tool, !listed)(api);
  }
  const settings = adapter?.settings;
  if (effect === 'pod' || settings === undefined) return isAnotherPod(session);
  const before = digest(await settings(front));
  return async (_pod, api) => digest(await settings(api)) !== before;
}

async function isAnotherPod({ deployed, serving }: Session): Promise<Ask> {
  const { items } = await deployed.kube.list(kinds.pod, { labelSelector: serving.labelSelector });
  const before = new Set(items.map(({ metadata }) => metadata?.uid));
  return ({ metadata }) => Promise.resolve(!before.has(metadata?.uid));
}
