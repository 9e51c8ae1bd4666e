import { messageOf } from '../errors.ts';
import { CannotInject, type Inject } from './types.ts';

/** Whoever pushes it does not wait long; Helm then calls the release failed. */
const PUSH_TIMEOUT = '10s';

/** A helm upgrade with a value that the chart accepts and the program does not. */
export const badConfiguration: Inject = async ({ target, releases, helm, signal }) => {
  const bad = target.failures?.badConfiguration;
  if (bad === undefined) throw new CannotInject('the target declares no wrong value (failures.badConfiguration)');
  const release = releases.find(({ name }) => name === bad.release);
  if (release === undefined) throw new CannotInject(`the release ${bad.release} is not installed`);
  const before = await latest(helm, release.name);
  const said = await helm
    .upgrade({ ...release, set: { ...release.set, ...bad.set }, timeout: PUSH_TIMEOUT }, { signal })
    .then(() => '')
    .catch((thrown: unknown) => {
      signal.throwIfAborted();
      return messageOf(thrown);
    });
  const after = await latest(helm, release.name);
  if (after.revision === before.revision)
    throw new CannotInject(
      `the upgrade was refused before it changed anything (good); declare a value that the chart accepts: ${said}`,
    );
  if (said === '') {
    await helm.rollback(release.name, before.revision);
    throw new CannotInject('the target runs with the value of failures.badConfiguration: it is not bad');
  }
  return {
    detail: { object: `release/${release.name}`, set: bad.set, said },
    async undo() {
      const now = await latest(helm, release.name);
      if (now.status === 'deployed' && now.revision !== before.revision + 1) return;
      await helm.rollback(release.name, before.revision);
    },
  };
};

async function latest(helm: { history(name: string): Promise<{ revision: number; status: string }[]> }, name: string) {
  const revisions = await helm.history(name);
  return revisions.reduce((newest, one) => (one.revision > newest.revision ? one : newest), {
    revision: 0,
    status: '',
  });
}
