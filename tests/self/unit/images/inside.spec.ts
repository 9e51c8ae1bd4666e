import { existsSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { execa } from 'execa';
import type { UserError } from '../../../../helpers/errors.ts';
import { tarCommand } from '../../../../helpers/images/archive.ts';
import { own } from '../../../../helpers/images/files.ts';
import { inside } from '../../../../helpers/images/inside.ts';
import { readRecipe } from '../../../../helpers/images/recipe.ts';
import { removeMatches } from '../../../../helpers/images/system.ts';
import { BUILD, RECIPE, recipeFolder } from './recipes.ts';

/** The files of an image, and beside them a folder of this machine that is not to be touched. */
function image() {
  const root = test.info().outputPath('root');
  const machine = test.info().outputPath('machine');
  for (const folder of [join(root, 'usr/lib'), join(root, 'var'), join(machine, 'cache')])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(machine, 'cache/kept'), 'kept');
  return { root, machine };
}

test.describe('building an image whose files hold links', { tag: '@static' }, () => {
  test('should find a path in it, there or not, and through links that stay in it', () => {
    const { root } = image();
    symlinkSync('usr/lib', join(root, 'lib'));
    for (const path of ['usr/lib', 'lib/python3', '/opt/app/deep', 'lib'])
      expect(inside(root, path)).toBe(join(root, path));
  });

  test('should refuse what leads to this machine, or nowhere', () => {
    const { root, machine } = image();
    symlinkSync(machine, join(root, 'var/cache'));
    symlinkSync('/run', join(root, 'var/run'));
    symlinkSync('/nowhere/at/all', join(root, 'opt'));
    for (const path of ['var/cache', 'var/cache/kept', 'var/cache/new/deep', 'var/run', 'opt', 'opt/app'])
      expect(() => inside(root, path), path).toThrow(/leads out of it by a symbolic link/);
  });

  test('should remove a link, and nothing behind it', async () => {
    const { root, machine } = image();
    symlinkSync(machine, join(root, 'var/cache'));
    await removeMatches(root, ['/var/cache']);
    expect(existsSync(join(root, 'var/cache'))).toBe(false);
    symlinkSync(machine, join(root, 'var/cache'));
    await expect(removeMatches(root, ['/var/cache/cache/*'])).rejects.toThrow(/leads out/);
    expect(readFileSync(join(machine, 'cache/kept'), 'utf8')).toBe('kept');
  });

  test('should give away links, and not what they lead to', async () => {
    const { root, machine } = image();
    const kept = join(machine, 'cache/kept');
    const before = statSync(kept).mode;
    symlinkSync(kept, join(root, 'usr/lib/shadow'));
    const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
    await own(join(root, 'usr'), { mode: 0o777, uid, gid });
    expect(statSync(kept).mode).toBe(before);
    expect(lstatSync(join(root, 'usr/lib/shadow')).isSymbolicLink()).toBe(true);
  });

  test('should pack a file whose name is an option of tar, and run nothing', async () => {
    const { root } = image();
    const names = ['--checkpoint=1', '--checkpoint-action=exec=touch executed'];
    for (const name of names) writeFileSync(join(root, name), 'a'.repeat(100_000));
    const archive = test.info().outputPath('layer.tar');
    const [command = '', ...args] = tarCommand(root, names, archive);
    await execa(command, args, { cwd: root });
    const { stdout } = await execa('tar', ['-tf', archive]);
    expect(stdout.split('\n').toSorted()).toEqual(names.toSorted());
    expect(existsSync(join(root, 'executed'))).toBe(false);
  });

  const links: [field: string, recipe: string, link: string][] = [
    ['files[0].from', RECIPE, 'app.py'],
    ['build.files[0]', RECIPE.replace('user:', `${BUILD}user:`).replace('from: app.py', 'from: image.yaml'), 'app.py'],
    ['python.requirements', RECIPE, 'requirements.txt'],
  ];
  for (const [field, recipe, link] of links)
    test(`should not put a file of this machine into it by ${field}`, async () => {
      const folder = recipeFolder({ 'image.yaml': recipe });
      await execa('ln', ['-sf', '/etc/hostname', join(folder, link)]);
      let mistakes: UserError['mistakes'] = [];
      try {
        readRecipe(folder);
      } catch (thrown) {
        mistakes = (thrown as UserError).mistakes;
      }
      expect(mistakes.map(({ where = '' }) => where.split(' ').at(-1))).toContain(field);
      expect(mistakes.map(({ what }) => what).join()).toMatch(/lies outside|is not a file/);
    });

  test('should not put a file of this machine into it by a folder that is copied', () => {
    const folder = recipeFolder({ 'image.yaml': RECIPE.replace('from: app.py', 'from: app'), 'app/main.py': '' });
    symlinkSync('/etc', join(folder, 'app/settings'));
    expect(() => readRecipe(folder)).toThrow(/app holds the link settings, which leads out of/);
  });
});
