import { messageOf } from '../../errors.ts';
import { apiChanges } from '../../gateways/types.ts';
import type { ApiChangeId } from '../../gateways/types.ts';
import type { ByValues } from '../../target/changes.ts';
import type { Target } from '../../target/schema.ts';
import { digest } from '../gitops/state.ts';
import { own, trial } from '../steps.ts';
import type { ChangeExperiment } from './experiment.ts';
import type { OverridesByRelease } from './overrides.ts';
import { installedWith, upgrade } from './overrides.ts';
import { prepareByApi } from './prepare.ts';
import type { Ask, Prepared } from './prepare.ts';
import { recordState } from './record.ts';
import { servedEverywhere } from './served.ts';
import type { Session } from './session.ts';

type Changes = NonNullable<Target['changes']>;

/**
 * One upgrade adds a tool and changes settings, where the target declares both; under traffic `helm rollback` takes all of it back. That
 * the tool goes again is the hard part: what only adds never removes. `state.before` is the state that has to be restored,
 * `state.changed` the one in between.
 */
export const helmRollback: ChangeExperiment = {
  id: 'config.helm-rollback',
  field: 'add-tool (or rate-limit, or plugin) by Helm values',
  declared: (changes) => changedBy(changes) !== undefined,
  installed: ({ changes }) => {
    const tool = byValues(changes?.['add-tool']);
    return tool === undefined ? [] : installedWith(tool);
  },
  prepare: prepareHelmRollback,
};

async function prepareHelmRollback(session: Session): Promise<Prepared> {
  const { changes, deployed, context } = session;
  const change = changedBy(changes);
  if (change === undefined) throw new Error('the target declares no change by Helm values');
  const { release, overrides, restarts, tool } = change;
  const restored = await isRestored(session);
  await own(context, 'upgrade', 'the upgrade that will be taken back', () => upgrade(session, release, overrides));
  // What no pod has taken up yet could not be taken back either: a file that is mounted arrives after Helm has said that all is done.
  if (tool)
    await own(context, 'upgrade.served', 'wait until every pod serves what will be taken back', () =>
      servedEverywhere(session, async (pod, api) => !(await restored(pod, api))),
    );
  await recordState(session, 'changed');
  const before = (await deployed.helm.history(release)).at(-2);
  return {
    kind: 'gateway',
    hot: !restarts,
    way: 'helm rollback',
    apply: () => deployed.helm.rollback(release, before?.revision ?? 1, { signal: context.signal }),
    ask: restored,
  };
}

/** What adds a tool, and what changes settings, of one release. */
function changedBy(
  changes: Changes,
): { release: string; overrides: OverridesByRelease; restarts: boolean; tool: boolean } | undefined {
  const tool = byValues(changes['add-tool']);
  const settings = byValues(changes['rate-limit']) ?? byValues(changes.plugin);
  const release = tool?.release ?? settings?.release;
  if (release === undefined) return undefined;
  const ways = [tool, settings].filter((way) => way?.release === release);
  return {
    release,
    overrides: ways.flatMap((way) => (way === undefined ? [] : [{ release, overrides: way.to }])),
    restarts: ways.some((way) => way?.restarts === true),
    tool: tool !== undefined,
  };
}

function byValues(way: 'api' | ByValues | undefined): ByValues | undefined {
  return typeof way === 'object' ? way : undefined;
}

/** Whether a pod serves the tools and has the settings of now. */
async function isRestored({ front, adapter }: Session): Promise<Ask> {
  const tools = digest(await front.tools());
  const settings = adapter?.settings;
  const before = settings === undefined ? '' : digest(await settings(front));
  return async (_pod, api) =>
    digest(await api.tools()) === tools && (settings === undefined || digest(await settings(api)) === before);
}

/** Every change that the administration offers is made, and under traffic taken back through the administration. */
export const apiRollback: ChangeExperiment = {
  id: 'config.api-rollback',
  field: 'tool-state (or another change): api',
  declared: (changes) => apiChanges.some((id) => changes[id as keyof Changes] === 'api'),
  async prepare(session) {
    const { forth, back } = await prepareByApi(session, offered(session));
    await own(session.context, 'changes', 'the changes that will be taken back', forth.apply);
    await recordState(session, 'changed');
    return back;
  },
  after: tryImport,
};

function offered({ adapter }: Session): ApiChangeId[] {
  return apiChanges.filter((id) => adapter?.changes?.[id] !== undefined);
}

/**
 * The gateway's own export and import as a way back, where it has them: whether the state is restored when the import says so. Facts:
 * `state.exported`, `import.reported`, `state.imported`.
 */
async function tryImport(session: Session): Promise<void> {
  const { adapter, front, context } = session;
  const { save, load } = adapter ?? {};
  if (save === undefined || load === undefined) return;
  await recordState(session, 'exported');
  const saved = await own(context, 'export', 'export the configuration', () => save(front));
  const { forth } = await prepareByApi(session, offered(session));
  await own(context, 'import.changes', 'the changes that the import should take back', forth.apply);
  await recordState(session, 'beforeImport');
  const answer = await trial(context, 'import', 'import what was exported', () => load(front, saved)).catch(
    (thrown: unknown) => ({ body: messageOf(thrown) }),
  );
  if (answer !== undefined) context.history.fact('import.reported', answer.body);
  await recordState(session, 'imported');
}
