import { join } from 'node:path';
import { Command } from 'commander';
import { execa } from 'execa';
import { ensurePart } from '../cluster/embedded/build.ts';
import { loadOptions } from '../config/options.ts';
import { UserError } from '../errors.ts';
import { buildSuiteImage } from '../images/suite.ts';
import { progressLines } from './progress.ts';

interface Flags {
  push?: string;
  insecure?: boolean;
}

/** `seatrial image`: the image with which the suite runs inside a cluster (charts/seatrial). */
export function imageCommand(): Command {
  return new Command('image')
    .description('Build the image of the suite itself, for trials inside a cluster (charts/seatrial); as root on Linux')
    .option(
      '--push <repository>',
      'push it there, e.g. registry.example.com/seatrial, with the credentials of Docker, if any',
    )
    .option('--insecure', 'the registry speaks plain HTTP')
    .action(image);
}

async function image({ push, insecure = false }: Flags): Promise<void> {
  const { cacheFolder } = loadOptions();
  const progress = progressLines();
  const { tag, layout, size, digest } = await buildSuiteImage({ cacheFolder, progress });
  console.log(`seatrial:${tag}, ${(size / 1e6).toFixed(0)} MB, ${digest}\n  OCI image layout: ${layout}`);
  if (push === undefined) return;
  const crane = join(await ensurePart('crane', { cacheFolder, progress }), 'crane');
  const reference = `${push}:${tag}`;
  const pushed = await execa(crane, ['push', ...(insecure ? ['--insecure'] : []), layout, reference], {
    all: true,
    reject: false,
  });
  if (pushed.failed)
    throw new UserError({
      what: `The image could not be pushed: ${pushed.all.trim()}`,
      where: reference,
      fix: 'correct the repository, log in with `docker login`, or name --insecure for a registry without TLS',
    });
  console.log(`pushed as ${reference}`);
}
