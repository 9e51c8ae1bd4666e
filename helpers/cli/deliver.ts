import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { loadOptions } from '../config/options.ts';
import { deliverables, engineFor, imagesIn } from '../deliverables/deliver.ts';
import type { Deliverable } from '../deliverables/deliver.ts';
import { messageOf, UserError } from '../errors.ts';
import { loadModel } from '../target/load.ts';
import { engines } from '../target/model/engines.ts';
import type { Engine } from '../target/model/engines.ts';
import { strategies } from '../target/model/schema.ts';
import type { ModelTarget, Strategy } from '../target/model/schema.ts';

interface Flags {
  output: string;
  registry?: string;
  strategy?: Strategy;
  engine?: Engine;
  force?: true;
}

/** `seatrial deliver`: the six deliverables of Protocol 20, from the declaration, without a cluster. */
export function deliverCommand(): Command {
  return new Command('deliver')
    .description('Write manifests, configuration, rollback plan and deployment script of a model')
    .argument('[target]', 'file or folder of a target of kind Model (default: the configured target)')
    .requiredOption('--output <folder>', 'where to write them')
    .option('--registry <host/path>', 'where the images are that the target builds, e.g. registry.example.com/models')
    .addOption(
      new Option('--strategy <strategy>', 'for this strategy instead of the one that the target declares').choices(
        strategies,
      ),
    )
    .addOption(
      new Option('--engine <engine>', 'for this engine instead of the first one that the target declares').choices(
        engines,
      ),
    )
    .option('--force', 'overwrite what is there')
    .action((path: string | undefined, { output, registry, strategy, engine, force }: Flags) => {
      const target = loadModel(path ?? loadOptions().target);
      const files = deliverables(target, imagesIn(target, registry), strategy, engineOf(target, engine, strategy));
      const folder = resolve(output);
      if (force !== true) refuseToOverwrite(folder, files);
      write(folder, files);
      console.log([`Written to ${folder}:`, ...files.map(({ name }) => `  ${name}`)].join('\n'));
      if (target.images.length > 0 && registry === undefined) {
        console.error(
          'The images are named without a registry: say where they are with --registry, or load them onto the nodes.',
        );
      }
    });
}

/** @throws UserError when the engine is none of the target's, or does not know the strategy that is asked for. */
function engineOf({ engines: declared, strategy: own, file }: ModelTarget, engine?: Engine, strategy = own): Engine {
  const [first = 'kubernetes'] = declared;
  if (engine === undefined || engine === 'kubernetes') return engine ?? first;
  if (!declared.includes(engine))
    throw new UserError({
      what: `The target does not declare the engine ${engine}`,
      where: `${file} engines`,
      fix: `write "engines: [kubernetes, ${engine}]"`,
    });
  if (engineFor(strategy, engine) !== engine)
    throw new UserError({
      what: `${engine} does not know the strategy ${strategy}`,
      where: '--engine',
      fix: 'leave it out, or name another strategy with --strategy: canary or blue_green',
    });
  return engine;
}

function refuseToOverwrite(folder: string, files: readonly Deliverable[]): void {
  const [first, ...rest] = files
    .filter(({ name }) => existsSync(join(folder, name)))
    .map(({ name }) => ({
      what: `There is a ${name} already`,
      where: join(folder, name),
      fix: 'choose another folder with --output, or overwrite it with --force',
    }));
  if (first !== undefined) throw new UserError(first, ...rest);
}

function write(folder: string, files: readonly Deliverable[]): void {
  try {
    mkdirSync(folder, { recursive: true });
    for (const { name, content, executable } of files)
      writeFileSync(join(folder, name), content, { mode: executable ? 0o755 : 0o644 });
  } catch (thrown) {
    throw new UserError({
      what: `The deliverables cannot be written: ${messageOf(thrown)}`,
      where: '--output',
      fix: 'name a folder that you may write to',
    });
  }
}
