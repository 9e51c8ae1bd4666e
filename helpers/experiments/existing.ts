import { shortName } from '../config/document.ts';
import { UserError } from '../errors.ts';
import type { Target } from '../target/schema.ts';
import type { Experiment } from './types.ts';

/**
 * Ends an experiment that would install the target beside a deployment that is there already: it could share a database with that one.
 * @throws UserError when the target declares one.
 */
export function refuseBesideExisting(
  { id }: Pick<Experiment, 'id'>,
  { existing, file }: Pick<Target, 'existing' | 'file'>,
): void {
  if (existing === undefined) return;
  throw new UserError({
    what: `The experiment ${id} installs the target into a namespace of its own, but its deployment is there already`,
    where: `${shortName(file)} existing (namespace ${existing.namespace})`,
    fix: 'try it with a copy of the target that has no "existing:" and names databases of its own',
  });
}
