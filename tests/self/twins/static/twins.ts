import type { Twin } from '../twin.ts';
import { chartTwins } from './charts.ts';
import { documentTwins } from './documents.ts';
import { planTwins } from './plans.ts';

/** Twins that need no cluster: what they are tried with is real all the same. */
export const staticTwins: readonly Twin[] = [...chartTwins, ...documentTwins, ...planTwins];
