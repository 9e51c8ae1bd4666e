import { cpSync, existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import { loadOptions } from '../config/options.ts';
import { UserError } from '../errors.ts';
import { newRunId } from '../run/id.ts';
import { MERGED_RUN, runsFolder } from '../run/run.ts';
import { fingerprintOf } from '../run/shards/fingerprint.ts';
import { mergeShards } from '../run/shards/merge.ts';
import { readShard } from '../run/shards/stored.ts';
import { loadAnyTarget } from '../target/load.ts';
import { runFolderOf } from './run-folder.ts';

const repository = join(import.meta.dirname, '../..');

/** `seatrial merge`: one run, one verdict and one scorecard from the shards of a run. */
export function mergeCommand(): Command {
  return new Command('merge')
    .description(
      'Merge the shards of a run (`npx playwright test --shard=1/N`) into one run, with one verdict and all reports',
    )
    .argument('<shards...>', 'ids of the shards, or their folders, in any order')
    .option('--into <folder>', 'copy the merged run to this folder, too, e.g. to keep it as an artifact')
    .addHelpText(
      'after',
      '\nA shard that is missing is not forgiven: what it held is inconclusive.\nExit codes: 0 everything that was asked for passed, 1 it did not, 2 these are not the shards of one run (nothing was written)',
    )
    .action(merge);
}

async function merge(names: string[], { into }: { into?: string }): Promise<void> {
  const copy = into === undefined ? undefined : emptyFolder(into);
  const shards = names.map((name) => readShard(runFolderOf(name)));
  const options = loadOptions();
  const target = loadAnyTarget(options.target);
  const id = newRunId();
  const folder = join(runsFolder, id);
  mergeShards(shards, { id, folder }, { target, fingerprint: fingerprintOf(target, options) });
  const exitCode = await judge(id);
  if (copy !== undefined) cpSync(folder, copy, { recursive: true });
  process.exitCode = exitCode;
}

/**
 * Runs the specs on what is there: no experiment runs again, since each has its history. So the reports are made by those who make them for
 * any run.
 */
async function judge(id: string): Promise<number> {
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/package.json');
  const { exitCode } = await execa(
    process.execPath,
    [join(dirname(playwright), 'cli.js'), 'test', '--config', join(repository, 'playwright.config.ts')],
    { stdio: 'inherit', reject: false, env: { [MERGED_RUN]: id } },
  );
  return exitCode ?? 1;
}

/** @throws UserError when there is something in it. */
function emptyFolder(name: string): string {
  const folder = resolve(name);
  if (!existsSync(folder) || readdirSync(folder).length === 0) return folder;
  throw new UserError({
    what: 'There is something in this folder',
    where: folder,
    fix: 'name another one, or empty it',
  });
}
