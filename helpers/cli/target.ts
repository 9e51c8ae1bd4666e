import { Command } from 'commander';
import { loadOptions } from '../config/options.ts';
import { jsonSchema, type SchemaName } from '../config/json-schema.ts';
import { UserError } from '../errors.ts';
import { loadTarget } from '../target/load.ts';

/** `seatrial validate`: checks a target without a cluster. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('Check a target.yaml without a cluster')
    .argument('[target]', 'file or folder (default: the configured target)')
    .action((path: string | undefined) => {
      const target = loadTarget(path ?? loadOptions().target);
      const list = (names: { name: string }[]) => names.map(({ name }) => name).join(', ') || 'none';
      console.log(
        [
          `${target.file} is valid`,
          `  target      ${target.name} (${target.kind})`,
          `  releases    ${list(target.releases)}: charts and values files are there`,
          `  images      ${list(target.images)}`,
          `  secrets     ${list(target.secrets)}`,
          `  tool call   ${target.mcp.toolCall.tool}`,
          'Not checked without a cluster: that the charts render, that images can be pulled, that the tool exists.',
        ].join('\n'),
      );
    });
}

/** `seatrial schema`: the JSON Schema for editors. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('Print the JSON Schema of target.yaml or of seatrial.config.yaml')
    .argument('<file>', 'target or config')
    .action((name: string) => {
      if (name !== 'target' && name !== 'config') {
        throw new UserError({
          what: `There is no schema ${name}`,
          where: 'seatrial schema',
          fix: 'say target or config',
        });
      }
      console.log(jsonSchema(name satisfies SchemaName));
    });
}
