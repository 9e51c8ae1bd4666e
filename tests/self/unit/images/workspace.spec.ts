import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { processStartTime } from '../../../../helpers/cluster/leases.ts';
import { fillOnce } from '../../../../helpers/images/workspace.ts';

test.describe('folders of the image cache', { tag: '@static' }, () => {
  test('should be there as a whole', async () => {
    const parent = newFolder();
    await fillOnce(join(parent, 'image'), parent, writes('whole'));
    expect(readFileSync(join(parent, 'image', 'content'), 'utf8')).toBe('whole');
    expect(readdirSync(parent)).toEqual(['image']);
  });

  test('should not be there at all when the build fails', async () => {
    const parent = newFolder();
    const failing = fillOnce(join(parent, 'image'), parent, (draft) => {
      writeFileSync(join(draft, 'content'), 'half');
      return Promise.reject(new Error('no space left'));
    });
    await expect(failing).rejects.toThrow('no space left');
    expect(readdirSync(parent)).toEqual([]);
  });

  test('should keep the first of two builds of the same', async () => {
    const parent = newFolder();
    const both = ['one', 'other'].map((text) => fillOnce(join(parent, 'image'), parent, writes(text)));
    await Promise.all(both);
    expect(readdirSync(parent)).toEqual(['image']);
  });

  test('should be cleared of what dead builders left, and keep what live ones are at', async () => {
    const parent = newFolder();
    const started = processStartTime(process.pid) ?? '';
    const live = `.build-${String(process.pid)}-${started}-abc`;
    // The same pid in an earlier life.
    const dead = `.build-${String(process.pid)}-1-abc`;
    for (const name of [live, dead, '.build-4194304-1-abc']) mkdirSync(join(parent, name));
    await fillOnce(join(parent, 'image'), parent, writes('whole'));
    expect(readdirSync(parent).sort()).toEqual([live, 'image']);
    expect(existsSync(join(parent, dead))).toBe(false);
  });
});

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'seatrial-workspace-'));
}

function writes(text: string) {
  return (draft: string): Promise<void> => {
    writeFileSync(join(draft, 'content'), text);
    return Promise.resolve();
  };
}
