import { inspect } from 'node:util';
import { Command, CommanderError } from 'commander';
import { UserError } from '../errors.ts';
import { harmless } from '../format.ts';
import { version } from '../run/version.ts';
import { clusterCommand } from './cluster.ts';
import { deliverCommand } from './deliver.ts';
import { diffCommand } from './diff.ts';
import { evidenceCommand } from './evidence.ts';
import { gitopsCommand } from './gitops.ts';
import { imageCommand } from './image.ts';
import { initCommand } from './init.ts';
import { mergeCommand } from './merge.ts';
import { planCommand } from './plan.ts';
import { rightsCommand, sweepCommand } from './rights.ts';
import { reportCommand } from './report.ts';
import { scorecardCommand } from './scorecard.ts';
import { serveCommand } from './serve.ts';
import { schemaCommand, validateCommand } from './target.ts';

const exitCodes = { badInput: 2, failed: 1 };

const program = new Command('seatrial')
  .description(
    'The acceptance trial that a deployment must pass before it goes into service.\nThe trial itself is `npx playwright test`.',
  )
  .version(version)
  .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 bad input (nothing was touched)');
for (const command of [
  initCommand(),
  validateCommand(),
  schemaCommand(),
  planCommand(),
  deliverCommand(),
  gitopsCommand(),
  clusterCommand(),
  rightsCommand(),
  sweepCommand(),
  imageCommand(),
  scorecardCommand(),
  diffCommand(),
  mergeCommand(),
  reportCommand(),
  evidenceCommand(),
  serveCommand(),
]) {
  program.addCommand(command);
}
throwInsteadOfExit(program);

try {
  await program.parseAsync();
} catch (thrown) {
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode === 0 ? 0 : exitCodes.badInput;
  else if (thrown instanceof UserError) {
    console.error(harmless(thrown.message));
    process.exitCode = exitCodes.badInput;
  } else {
    console.error(harmless(inspect(thrown)));
    process.exitCode = exitCodes.failed;
  }
}

/** Commander would end the process with 1 on wrong flags; here that means that a trial failed. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  command.commands.forEach(throwInsteadOfExit);
}
