import type { TargetDeclaration } from '../target/schema.ts';
import type { EngineContext, GitOpsEngine } from './engine.ts';
import { flux } from './flux.ts';

type EngineName = NonNullable<TargetDeclaration['gitops']>['engine'];

/** Every engine, by the name that a target gives it. */
export const engines: Readonly<Record<EngineName, (context: EngineContext) => GitOpsEngine>> = { flux };
