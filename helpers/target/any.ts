import type { ModelTarget } from './model/schema.ts';
import type { Target } from './schema.ts';

/** Whatever can be on trial; `kind` tells the two apart. */
export type AnyTarget = Target | ModelTarget;

/** The kinds of targets that there are. */
export const targetKinds = ['McpGateway', 'Model'] as const satisfies AnyTarget['kind'][];
export type TargetKind = (typeof targetKinds)[number];
