import type { ModelDeclaration, Strategy } from '../target/model/schema.ts';
import { virtualServiceNames } from './mesh.ts';
import { entryName, PART, slotOf, workloadName } from './slots.ts';
import type { Part, Role } from './slots.ts';

/** File that holds everything but the entry of users. */
export const MANIFEST = 'deployment-manifest.yaml';

/** How long a Deployment may take to get ready, in seconds. */
const READY_SECONDS = 300;

/** Commands for one model, in which `k` stands for kubectl in its namespace. */
export interface Commands {
  apply(...parts: Part[]): string;
  remove(...parts: Part[]): string;
  ready(role: Role): string;
  /** Sends all calls to one version, at once (blue-green). */
  switchTo(role: Role): string[];
  /** Sends this percentage of calls (canary) or of new users (A/B test) to the candidate. */
  weigh(percentage: number): string[];
  /** From whatever phase back to the stable version alone. */
  rollback: string[];
}

/** Applies these parts of the manifest. */
export function applyCommand(...parts: Part[]): string {
  return `k apply ${selected(parts)}`;
}

function selected(parts: readonly Part[]): string {
  return `--filename ${MANIFEST} --selector '${PART} in (${parts.join(', ')})'`;
}

export function commandsOf(model: ModelDeclaration, strategy: Strategy): Commands {
  const apply = applyCommand;
  const remove = (...all: Part[]) => `k delete ${selected(all)} --ignore-not-found`;
  const ready = (role: Role) =>
    `k rollout status deployment/${workloadName(model.name, strategy, role)} --timeout ${READY_SECONDS}s`;
  const switchTo = (role: Role) =>
    [model.name, entryName(model.name)].map((service) => patch('service', service, 'merge', selecting(strategy, role)));
  const weigh = (percentage: number) =>
    virtualServiceNames(model).map((name) => patch('virtualservice', name, 'json', weights(strategy, percentage)));
  // Applied again only if it is gone: what the autoscaler made of it must not shrink just now.
  const isThere = `k get deployment/${workloadName(model.name, strategy, 'stable')} >/dev/null 2>&1`;
  const back = [`${isThere} || ${apply('stable')}`, ready('stable')];
  const rollback = {
    rolling: [`k rollout undo deployment/${model.name}`, ready('stable')],
    recreate: [`k rollout undo deployment/${model.name}`, ready('stable')],
    blue_green: [...back, ...switchTo('stable'), remove('candidate')],
    canary: [...back, ...weigh(0), remove('candidate', 'autoscaler')],
    a_b_test: [...back, ...weigh(0), remove('candidate')],
  }[strategy];
  return { apply, remove, ready, switchTo, weigh, rollback };
}

function patch(kind: string, name: string, type: 'merge' | 'json', content: unknown): string {
  return `k patch ${kind} ${name} --type ${type} --patch '${JSON.stringify(content)}'`;
}

/** Merge patch of a Service that sends all calls to one version (blue-green). */
export function selecting(strategy: Strategy, role: Role) {
  return { spec: { selector: { version: slotOf(strategy, role) } } };
}

/**
 * JSON patch of a VirtualService. The weights stand in the last route; before it come those of testers, or of users who have a variant.
 */
export function weights(strategy: Strategy, percentage: number) {
  const users = strategy === 'canary' ? 1 : 2;
  const replace = (path: string, value: unknown) => ({ op: 'replace', path: `/spec/http/${path}`, value });
  // Where no new user gets a variant any more, those who have it are brought to the other one too: it is about to be taken away.
  const returning = (role: Role) =>
    slotOf(strategy, percentage === 0 ? 'stable' : percentage === 100 ? 'candidate' : role);
  return [
    replace(`${users}/route/0/weight`, 100 - percentage),
    replace(`${users}/route/1/weight`, percentage),
    ...(strategy === 'a_b_test'
      ? (['stable', 'candidate'] as const).map((role, route) =>
          replace(`${route}/route/0/destination/subset`, returning(role)),
        )
      : []),
  ];
}
