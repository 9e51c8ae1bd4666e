import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { loadOptions } from '../config/options.ts';
import { messageOf, UserError } from '../errors.ts';
import { planSvg } from '../planning/gantt.ts';
import { planFor } from '../planning/plan.ts';
import type { Plan } from '../planning/schema.ts';
import { planText } from '../planning/text.ts';
import { loadModel } from '../target/load.ts';
import { strategies } from '../target/model/schema.ts';
import type { Strategy } from '../target/model/schema.ts';

const formats = {
  text: planText,
  json: (plan: Plan) => `${JSON.stringify(plan, undefined, 2)}\n`,
  svg: (plan: Plan) => `${planSvg(plan)}\n`,
};

interface Flags {
  format: keyof typeof formats;
  strategy?: Strategy;
  output?: string;
}

/** `seatrial plan`: how a model's new version is brought in, phase by phase, without a cluster. */
export function planCommand(): Command {
  return new Command('plan')
    .description('Plan how the new version of a model is brought in: as text, as data, or as a picture')
    .argument('[target]', 'file or folder of a target of kind Model (default: the configured target)')
    .addOption(new Option('--format <format>', 'what to write').choices(Object.keys(formats)).default('text'))
    .addOption(
      new Option('--strategy <strategy>', 'plan this strategy instead of the one that the target declares').choices(
        strategies,
      ),
    )
    .option('--output <file>', 'where to write it (default: standard output)')
    .action((path: string | undefined, { format, strategy, output }: Flags) => {
      const plan = planFor(loadModel(path ?? loadOptions().target), strategy);
      const content = formats[format](plan);
      if (output === undefined) process.stdout.write(content);
      else write(resolve(output), content);
    });
}

function write(file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (thrown) {
    throw new UserError({
      what: `The plan cannot be written: ${messageOf(thrown)}`,
      where: '--output',
      fix: 'name a file in a folder that is there',
    });
  }
  console.log(`${file} is written`);
}
