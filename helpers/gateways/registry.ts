import { contextforge } from './contextforge.ts';
import { magg } from './magg.ts';
import type { GatewayAdapter } from './types.ts';

/** Every gateway that the suite can administer, by the name that a target gives it. */
export const gateways = { contextforge, magg } satisfies Record<string, GatewayAdapter>;

/** Names for the field `gateway` of a target. */
export const gatewayNames = Object.keys(gateways) as [keyof typeof gateways];
