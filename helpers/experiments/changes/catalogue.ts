import type { ByValues } from '../../target/changes.ts';
import { CALL_LENGTHS } from '../under-traffic.ts';
import type { ChangeExperiment } from './experiment.ts';
import { invalid, invalidByApi } from './invalid.ts';
import { installedWith } from './overrides.ts';
import { nodeDrain, scaleIn, secretRotation } from './pods-moved.ts';
import { prepareDeclared } from './prepare.ts';
import type { Effect } from './prepare.ts';
import { apiRollback, helmRollback } from './rollbacks.ts';
import { twoInARow, whileRolling } from './several.ts';

type Field = 'add-tool' | 'tool-state' | 'access-policy' | 'rate-limit' | 'plugin' | 'image-upgrade';

/** Every change that is tried under traffic. */
export const changeExperiments: readonly ChangeExperiment[] = [
  declared('add-tool', 'tool'),
  declared('tool-state', 'tool'),
  declared('access-policy', 'tool'),
  declared('rate-limit', 'settings'),
  declared('plugin', 'settings'),
  declared('image-upgrade', 'pod', CALL_LENGTHS),
  twoInARow,
  whileRolling,
  invalid,
  invalidByApi,
  scaleIn,
  nodeDrain,
  secretRotation,
  helmRollback,
  apiRollback,
];

function declared(field: Field, effect: Effect, lengths?: readonly number[]): ChangeExperiment {
  return {
    id: `config.${field}`,
    ...(lengths === undefined ? {} : { lengths }),
    field,
    declared: (changes) => changes[field] !== undefined,
    installed: ({ changes }) => {
      const way = changes?.[field];
      return isByValues(way) ? installedWith(way) : [];
    },
    prepare: (session) => prepareDeclared(session, field, effect),
  };
}

function isByValues(way: 'api' | ByValues | undefined): way is ByValues {
  return typeof way === 'object';
}
