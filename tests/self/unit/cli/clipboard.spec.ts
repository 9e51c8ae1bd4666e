import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { clipboardProgram } from '../../../../helpers/cli/clipboard.ts';
import { judgedRun, seatrialWith } from '../verdict/stored-run.ts';

/** A folder in which commands of these names can be executed. */
function folderWith(...names: string[]): string {
  const folder = test.info().outputPath(names.join('-') || 'none');
  mkdirSync(folder, { recursive: true });
  for (const name of names) {
    writeFileSync(join(folder, name), '#!/bin/sh\nexit 3\n');
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

test.describe('clipboard', { tag: '@static' }, () => {
  const name = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv, type: 'text/html' | 'text/plain' = 'text/html') =>
    clipboardProgram(type, { platform, env })?.name;

  test('should be the one of the desktop that the person is on', () => {
    const PATH = folderWith('pbcopy', 'wl-copy', 'xclip', 'powershell.exe', 'clip.exe');
    expect(name('darwin', { PATH })).toBe('pbcopy');
    expect(name('linux', { PATH, WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' })).toBe('wl-copy');
    expect(name('linux', { PATH, DISPLAY: ':0' })).toBe('xclip');
    expect(name('linux', { PATH })).toBe('powershell.exe');
    expect(name('linux', { PATH }, 'text/plain')).toBe('clip.exe');
    expect(name('linux', { PATH: folderWith('xclip'), WAYLAND_DISPLAY: 'wayland-0', DISPLAY: ':0' })).toBe('xclip');
  });

  test('should be none where no program is, or none can reach a screen', () => {
    expect(name('linux', { PATH: folderWith(), DISPLAY: ':0' })).toBeUndefined();
    expect(name('linux', { PATH: folderWith('xclip') })).toBeUndefined();
    expect(name('linux', { PATH: '', DISPLAY: ':0' })).toBeUndefined();
  });

  test('should tell what to do where there is none, and where its program fails', async () => {
    const run = await judgedRun(test.info().outputPath('run'));
    const none = await seatrialWith({ PATH: folderWith() }, 'scorecard', run, '--copy');
    expect(none.stderr).toContain('There is no clipboard that could be reached');
    expect(none.stderr).toContain('--format html');
    expect(none.exitCode).not.toBe(0);
    const failing = await seatrialWith({ PATH: folderWith('xclip'), DISPLAY: ':0' }, 'scorecard', run, '--copy');
    expect(failing.stderr).toContain('The clipboard cannot be written');
    expect(failing.exitCode).not.toBe(0);
  });
});
