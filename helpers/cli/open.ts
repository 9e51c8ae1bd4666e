import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { UserError } from '../errors.ts';

/** What opens a file with whatever the person has for it. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};

/** Longer, and it waits for something that nobody answers. */
const TIME_LIMIT_MS = 10_000;

/** Opens a file in the browser. @throws UserError when nothing here can. */
export async function openInBrowser(file: string): Promise<void> {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open'];
  const { href } = pathToFileURL(file);
  const done = await execa(command, [...args, href], { reject: false, stdio: 'ignore', timeout: TIME_LIMIT_MS });
  // The one of Windows ends with 1 though it has opened the file.
  if (!done.failed || command === 'explorer.exe') return;
  throw new UserError({
    what: `No browser could be opened: ${done.shortMessage}`,
    where: '--open',
    fix: `open ${href} yourself`,
  });
}
