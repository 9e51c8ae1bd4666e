import { execa } from 'execa';
import { UserError } from '../errors.ts';
import type { Mistake } from '../errors.ts';

/** Commands that a build calls, and the Debian package that brings each. */
const TOOLS = {
  mmdebstrap: 'mmdebstrap',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  chroot: 'coreutils',
  tar: 'tar',
  gzip: 'gzip',
};

/**
 * Makes sure that images can be built on this machine.
 * @throws UserError that names all that is missing at once.
 */
export async function requireBuildTools(needs: { python: boolean }): Promise<void> {
  const mistakes: Mistake[] = [];
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    mistakes.push({
      what: 'Images are built as root on Linux',
      fix: 'Run as root, or use a registry that has the images',
    });
  }
  for (const [tool, debian] of Object.entries(TOOLS)) {
    if (!(await answers(tool, ['--version']))) mistakes.push(missing(tool, debian));
  }
  if (needs.python && !(await answers('python3', ['-m', 'pip', '--version']))) {
    mistakes.push(missing('python3 -m pip', 'python3-pip'));
  }
  if (mistakes.length > 0) throw new UserError(...(mistakes as [Mistake, ...Mistake[]]));
}

function missing(tool: string, debian: string): Mistake {
  return { what: `\`${tool}\` does not run on this machine; images cannot be built`, fix: `apt-get install ${debian}` };
}

async function answers(command: string, args: string[]): Promise<boolean> {
  return !(await execa(command, args, { reject: false, stdio: 'ignore' })).failed;
}
