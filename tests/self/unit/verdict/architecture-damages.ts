import type { AspectId } from '../../../../helpers/architecture/compare.ts';
import { defects } from '../architecture/defects.ts';
import { production } from '../architecture/production.ts';
import { changed, isFact, without, type Damage } from './histories.ts';

/** Blinded as its experiment may be blinded: nothing was read, or nothing is declared. */
const unread = without(isFact('architecture.live'));
const undeclared = changed(isFact('architecture.declared'), { value: null });

/** What turns each check of the architecture red, and what blinds it. */
export const architectureDamages: Record<string, { fail: Damage; inconclusive: Damage }> = {
  'architecture.components': of('components', unread, 'a workload that nobody recommended'),
  'architecture.replicas': of('replicas', undeclared),
  'architecture.spread': of('spread', unknown('spread')),
  'architecture.disruption-budget': of('disruption-budget'),
  'architecture.probes': of('probes'),
  'architecture.resources': of('resources'),
  'architecture.rollout': of('rollout'),
  'architecture.drain': of('drain', unknown('drain')),
  'architecture.autoscaling': of('autoscaling', unknown('autoscaling')),
  'architecture.stores-external': of('stores-external'),
  'architecture.stores-tls': of('stores-tls'),
  'architecture.network-policy': of('network-policy'),
  'architecture.network-policy-enforced': of('network-policy-enforced', unknown('network-policy-enforced')),
  'architecture.pod-security': of('pod-security'),
  'architecture.service-account-token': of('service-account-token'),
  'architecture.secrets': of('secrets'),
  'architecture.images': of('images'),
  'architecture.entry-tls': of('entry-tls'),
};

function of(aspect: AspectId, inconclusive: Damage = unread, name?: string): { fail: Damage; inconclusive: Damage } {
  return { fail: defect(aspect, 'differs', name), inconclusive };
}

function unknown(aspect: AspectId): Damage {
  return defect(aspect, 'unknown');
}

/** @param name of the defect, where not any of them will do. */
function defect(aspect: AspectId, state: 'differs' | 'unknown', name?: string): Damage {
  const found = defects.find(
    (one) => one.aspect === aspect && one.state === state && (name === undefined || one.name === name),
  );
  if (found === undefined) throw new Error(`there is no defect of ${aspect} that is ${state}`);
  const { declared, live } = production();
  found.damage(live, declared);
  return changed(isFact('architecture.live'), { value: live });
}
