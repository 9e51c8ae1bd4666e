import { existsSync, realpathSync, statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../errors.ts';
import { harmless } from '../format.ts';
import { inspectTree } from '../gitops/tree/inspect.ts';
import { History } from '../history/history.ts';
import type { HistoryRecord } from '../history/records.ts';
import { boundaryOf } from '../target/boundary.ts';
import { gitopsStatic } from '../verdict/checks/index.ts';
import { DECLARED } from '../verdict/declared-target.ts';
import { evaluateItem } from '../verdict/evaluate.ts';
import type { DeclaredTarget } from '../verdict/declared-target.ts';
import type { CheckResult, Verdict } from '../verdict/types.ts';

/** All but the one that asks where the target's configuration lies: no target is needed here. */
const checks = Object.values(gitopsStatic).filter((check) => check !== gitopsStatic.configurationIsInGit);

/** `seatrial gitops check`: what can be said of a Git tree without a cluster and without a target. */
export function gitopsCommand(): Command {
  const command = new Command('gitops').description('Look at what Git says without touching a cluster');
  command
    .command('check')
    .description('Check a folder of Flux and Kubernetes YAML: pins, secrets, order, remediation, drift, budgets')
    .argument('<folder>', 'what deploys your application, e.g. apps/arcade')
    .option(
      '--root <folder>',
      'root of the Git repository, from which Flux reads paths (default: the repository around)',
    )
    .option(
      '--release <names...>',
      'Helm releases of your own; the others are only looked at as far as yours need them',
    )
    .action((folder: string, { root, release }: { root?: string; release?: string[] }) => {
      const history = historyOf(folderOf(folder, 'folder'), root, release);
      const results = evaluateItem(
        { id: 'gitops', kind: 'gate', text: '', checks },
        new Map([['gitops.static', history]]),
        { notApplicable: {} },
      ).checks;
      console.log(harmless(results.map(describe).join('\n')));
      const count = (verdict: Verdict) => results.filter((result) => result.verdict === verdict).length;
      console.log(
        `${String(count('pass'))} passed, ${String(count('fail'))} failed, ${String(count('inconclusive'))} inconclusive`,
      );
      if (count('pass') < results.length) process.exitCode = 1;
    });
  return command;
}

/** The same history that the experiment writes. */
function historyOf(folder: string, root: string | undefined, releases: string[] | undefined): History {
  const tree = root === undefined ? boundaryOf(folder, folder) : folderOf(root, '--root');
  const path = relative(tree, folder) || '.';
  if (path.startsWith('..')) {
    throw new UserError({
      what: `${folder} lies outside of ${tree}`,
      where: '--root',
      fix: 'name the root of the repository that holds the folder',
    });
  }
  const at = 0;
  const declared = (names: string[]): DeclaredTarget => ({
    name: folder,
    releases: names,
    kubernetesVersions: [],
    notApplicable: {},
  });
  const facts = {
    ...(releases === undefined ? {} : { [DECLARED]: declared(releases) }),
    ...inspectTree({ tree, path }),
  };
  const records: HistoryRecord[] = [
    { type: 'begin', at, experiment: 'gitops.static', target: folder, run: 'none' },
    ...Object.entries(facts).map(([key, value]) => ({ type: 'fact' as const, at, key, value })),
    { type: 'end', at, status: 'completed' },
  ];
  // As it would come back from a file.
  return new History(JSON.parse(JSON.stringify(records)) as HistoryRecord[]);
}

function folderOf(name: string, where: string): string {
  const full = resolve(name);
  if (existsSync(full) && statSync(full).isDirectory()) return realpathSync(full);
  throw new UserError({
    what: existsSync(full) ? `${name} is a file` : `${name} does not exist`,
    where,
    fix: 'name the folder that holds the YAML files',
  });
}

function describe({ id, verdict, title, expected, seen }: CheckResult): string {
  const line = `${verdict.padEnd(13)}${title}: ${seen}`;
  return verdict === 'pass' ? line : `${line}\n${' '.repeat(13)}expected ${expected} (${id})`;
}
