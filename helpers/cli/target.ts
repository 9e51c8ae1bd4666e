import { Command } from 'commander';
import { loadOptions } from '../config/options.ts';
import { jsonSchema, schemaNames } from '../config/json-schema.ts';
import { didYouMean } from '../config/suggest.ts';
import { UserError } from '../errors.ts';
import { loadAnyTarget } from '../target/load.ts';
import type { ModelTarget } from '../target/model/schema.ts';
import type { Target } from '../target/schema.ts';

/** `seatrial validate`: checks a target without a cluster. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('Check a target.yaml without a cluster')
    .argument('[target]', 'file or folder (default: the configured target)')
    .action((path: string | undefined) => {
      const target = loadAnyTarget(path ?? loadOptions().target);
      console.log(
        [
          `${target.file} is valid`,
          `  target      ${target.name} (${target.kind})`,
          `  releases    ${list(target.releases)}: charts and values files are there`,
          `  images      ${list(target.images)}`,
          `  secrets     ${list(target.secrets)}`,
          ...(target.kind === 'Model' ? aboutModel(target) : aboutGateway(target)),
        ].join('\n'),
      );
    });
}

function aboutGateway({ mcp }: Target): string[] {
  return [
    `  tool call   ${mcp.toolCall.tool}`,
    'Not checked without a cluster: that the charts render, that images can be pulled, that the tool exists.',
  ];
}

function aboutModel({ versions: { stable, candidate, bad }, strategy, serving, samples }: ModelTarget): string[] {
  return [
    `  versions    ${stable.modelVersion} to ${candidate.modelVersion}; to be turned back: ${Object.keys(bad).join(', ') || 'none'}`,
    `  strategy    ${strategy}`,
    `  serving     ${serving.protocol}, model ${serving.model}`,
    `  samples     ${list(samples)}`,
    'Not checked without a cluster: that images can be pulled, that the model loads, that it predicts the samples.',
  ];
}

function list(named: readonly { name: string }[]): string {
  return named.map(({ name }) => name).join(', ') || 'none';
}

/** `seatrial schema`: the JSON Schema for editors. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description(
      'Print the JSON Schema of what you write (target.yaml, architecture.yaml, seatrial.config.yaml) or of what a run leaves (verdict.json and others)',
    )
    .argument('<file>', schemaNames.join(', '))
    .action((file: string) => {
      const name = schemaNames.find((known) => known === file);
      if (name === undefined) {
        throw new UserError({
          what: `There is no schema ${file}`,
          where: 'seatrial schema',
          fix: didYouMean(file, schemaNames) ?? `say ${schemaNames.join(', ')}`,
        });
      }
      console.log(jsonSchema(name));
    });
}
