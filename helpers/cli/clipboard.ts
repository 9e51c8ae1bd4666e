import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../errors.ts';
import { asciiHtml } from '../verdict/scorecard-html.ts';

export type ClipboardType = 'text/html' | 'text/plain';

/** A program that takes what is to be pasted from its standard input. */
export interface ClipboardProgram {
  /** What has to be on the PATH for it. */
  name: string;
  run: readonly [command: string, ...args: string[]];
  /** What to give it for `text`. */
  input: (text: string) => string;
}

interface Candidate {
  name: string;
  /** Whether it can reach a clipboard here. */
  works: (platform: NodeJS.Platform, env: NodeJS.ProcessEnv) => boolean;
  run: Readonly<Partial<Record<ClipboardType, ClipboardProgram['run']>>>;
}

const candidates: readonly Candidate[] = [
  {
    name: 'pbcopy',
    works: (platform) => platform === 'darwin',
    run: {
      // It takes rich text as RTF alone.
      'text/html': ['sh', '-c', 'textutil -stdin -format html -convert rtf -stdout | pbcopy'],
      'text/plain': ['pbcopy'],
    },
  },
  {
    name: 'wl-copy',
    works: (_, { WAYLAND_DISPLAY = '' }) => WAYLAND_DISPLAY !== '',
    run: { 'text/html': ['wl-copy', '--type', 'text/html'], 'text/plain': ['wl-copy', '--type', 'text/plain'] },
  },
  {
    name: 'xclip',
    works: (_, { DISPLAY = '' }) => DISPLAY !== '',
    run: {
      'text/html': ['xclip', '-selection', 'clipboard', '-t', 'text/html'],
      'text/plain': ['xclip', '-selection', 'clipboard'],
    },
  },
  {
    // Writes the header that rich text needs on the clipboard of Windows; from within WSL, too.
    name: 'powershell.exe',
    works: () => true,
    run: {
      'text/html': ['powershell.exe', '-NoProfile', '-Command', '[Console]::In.ReadToEnd() | Set-Clipboard -AsHtml'],
    },
  },
  { name: 'clip.exe', works: () => true, run: { 'text/plain': ['clip.exe'] } },
];

/** Longer, and the program waits for a screen that is not there. */
const TIME_LIMIT_MS = 10_000;

/** The first program that is there and can reach a clipboard, or undefined. */
export function clipboardProgram(
  type: ClipboardType,
  { platform, env }: { platform: NodeJS.Platform; env: NodeJS.ProcessEnv },
): ClipboardProgram | undefined {
  for (const { name, works, run } of candidates) {
    const command = run[type];
    if (command === undefined || !works(platform, env) || !isOnPath(name, env)) continue;
    // Code pages differ from one program to another; what is pure ASCII is right in all of them.
    return { name, run: command, input: type === 'text/html' ? asciiHtml : (text) => text };
  }
  return undefined;
}

/**
 * Puts `text` on the clipboard.
 * @returns the program that did it.
 * @throws UserError when none can.
 */
export async function copy(text: string, type: ClipboardType): Promise<string> {
  const program = clipboardProgram(type, process);
  if (program === undefined) {
    throw new UserError({
      what: 'There is no clipboard that could be reached',
      where: '--copy',
      fix: 'on Linux install wl-clipboard (Wayland) or xclip (X11), and copy from within the desktop; or open the output of `npx seatrial scorecard --format html` in a browser and copy from there',
    });
  }
  const { name, run, input } = program;
  const [command, ...args] = run;
  // Some stay in the background to hand out what they hold: nothing of theirs may be waited for but their own end.
  const done = await execa(command, args, {
    input: input(text),
    stdout: 'ignore',
    stderr: 'ignore',
    reject: false,
    timeout: TIME_LIMIT_MS,
  });
  if (!done.failed) return name;
  throw new UserError({
    what: `The clipboard cannot be written: ${done.shortMessage}`,
    where: '--copy',
    fix: `see why \`${name}\` fails, or open the output of \`npx seatrial scorecard --format html\` in a browser and copy from there`,
  });
}

function isOnPath(command: string, { PATH = '', Path = '' }: NodeJS.ProcessEnv): boolean {
  return (PATH || Path).split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return folder !== '';
    } catch {
      return false;
    }
  });
}
