import { execa } from 'execa';
import { UserError } from '../../errors.ts';
import type { Progress } from '../provider.ts';
import { versions } from './parts.ts';

/**
 * The Go command that builds the cluster: the machine's own if it is new enough, or if it may fetch the right toolchain
 * by itself (Go 1.21 and later do, unless GOTOOLCHAIN=local).
 * @throws UserError when there is none.
 */
export async function findGo(progress: Progress): Promise<string> {
  const { stdout: found = '', failed } = await execa('go', ['env', 'GOVERSION', 'GOTOOLCHAIN'], { reject: false });
  const [version = '', toolchain = ''] = found.split('\n');
  if (failed) throw tooOld('No `go` command was found');
  if (isAtLeast(version, versions.go)) return 'go';
  if (isAtLeast(version, '1.21') && toolchain !== 'local') {
    progress(`${version} is older than ${versions.go}: it fetches the right toolchain by itself`);
    return 'go';
  }
  throw tooOld(`The machine's Go is ${version === '' ? 'unknown' : version} with GOTOOLCHAIN=${toolchain}`);
}

/** Compares `go1.26.8` or `1.26.8` with `1.26.6`. Pure. */
export function isAtLeast(version: string, minimum: string): boolean {
  const numbers = (text: string) => text.replace(/^go/, '').split('.').map((n) => Number.parseInt(n, 10) || 0);
  const [have, want] = [numbers(version), numbers(minimum)];
  for (const [index, number] of want.entries()) {
    const difference = (have[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function tooOld(what: string): UserError {
  return new UserError({
    what: `${what}; the embedded cluster is built with Go ${versions.go} or later`,
    where: 'PATH',
    fix: `install Go ${versions.go} or later (any Go from 1.21 on fetches it by itself), or use a cluster that exists: SEATRIAL_PROVIDER=kubeconfig or kind`,
  });
}
