import type { Twin } from '../twin.ts';
import { architectureTwins } from './architectures.ts';
import { changeTwins } from './changes.ts';
import { chartLifeTwins } from './charts.ts';
import { deliveryTwins } from './deliveries.ts';
import { modelTwins } from './models.ts';
import { runbookTwins } from './runbooks.ts';
import { upgradeTwins } from './upgrades.ts';

/** Twins that show on a cluster alone. Those of one experiment stand together: what it finds without a defect is found once. */
export const liveTwins: readonly Twin[] = [
  ...changeTwins,
  ...chartLifeTwins,
  ...architectureTwins,
  ...runbookTwins,
  ...upgradeTwins,
  ...deliveryTwins,
  ...modelTwins,
];
