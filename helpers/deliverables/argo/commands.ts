import type { ModelDeclaration } from '../../target/model/schema.ts';
import { applyCommand } from '../commands.ts';
import type { Part } from '../slots.ts';

/** Commands for one model that Argo Rollouts brings versions of in; `k` stands for kubectl in its namespace. */
export interface ArgoCommands {
  apply: (...parts: Part[]) => string;
  /** From whatever phase back to the stable version: given its pods again, the controller goes back at once. */
  rollback: string[];
  /** Has the controller turn the candidate back, and try it again, whatever manifests ask for. */
  abort: string;
  retry: string;
}

export function argoCommands({ name }: Pick<ModelDeclaration, 'name'>): ArgoCommands {
  return {
    apply: applyCommand,
    rollback: [applyCommand('stable'), `k get rollout/${name}`],
    abort: aborted(name, true),
    retry: aborted(name, false),
  };
}

/** What the plugin of kubectl does, which not everybody has. */
function aborted(name: string, abort: boolean): string {
  return `k patch rollout/${name} --subresource status --type merge --patch '${JSON.stringify({ status: { abort } })}'`;
}
