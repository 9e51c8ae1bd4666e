import { z } from 'zod';
import type { History, HistoryWriter } from '../history/history.ts';
import type { AnyTarget } from '../target/any.ts';

/**
 * What the target's file declared, as far as verdicts depend on it. It is recorded in every history, so that a verdict can
 * be rebuilt from histories alone, and so that a release which left no trace is missed.
 */
const schema = z.object({
  name: z.string(),
  /** Missing in histories from before there was more than one kind. */
  kind: z.string().optional(),
  releases: z.array(z.string()),
  kubernetesVersions: z.array(z.string()),
  notApplicable: z.record(z.string(), z.string()),
});

export type DeclaredTarget = z.infer<typeof schema>;

/** The fact that holds it. */
export const DECLARED = 'target.declared';

/** To be called right after a history has begun. */
export function recordTarget(history: HistoryWriter, target: AnyTarget): void {
  const { name, kind, releases, kubernetesVersions, notApplicable } = target;
  const declared: DeclaredTarget = {
    name,
    kind,
    releases: releases.map((release) => release.name),
    kubernetesVersions,
    notApplicable,
  };
  history.fact(DECLARED, declared);
}

/** What the first of the histories that tells says about the target. */
export function declaredTarget(histories: ReadonlyMap<string, History>): DeclaredTarget | undefined {
  return [...histories.values()].map(declarationIn).find((declared) => declared !== undefined);
}

/** What this history says about its target; undefined when it says nothing. */
export function declarationIn(history: History): DeclaredTarget | undefined {
  return schema.safeParse(history.fact(DECLARED)).data;
}
