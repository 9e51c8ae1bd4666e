import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { keysOf, type Keys } from '../../../../helpers/images/key.ts';
import { readRecipe } from '../../../../helpers/images/recipe.ts';
import { BUILD, RECIPE, recipeFolder, REQUIREMENT } from './recipes.ts';

test.describe('content keys of images', { tag: '@static' }, () => {
  test('should not depend on where the recipe lies, nor on how its YAML is written', () => {
    const spaced = `# a comment\n${RECIPE.replace('{ suite: trixie, packages: [python3] }', '\n  packages:\n    - python3\n  suite: trixie')}`;
    expect(keys({ 'image.yaml': spaced })).toEqual(keys());
  });

  test('should change with every byte of an own file, and leave system and Python packages as they are', () => {
    const before = keys();
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(text !== 'print(1)\n');
        expect(changed(before, keys({ 'app.py': text }))).toEqual(['files', 'image']);
      }),
      { numRuns: 50 },
    );
  });

  test('should tell two different folders of files apart, and equal ones not', () => {
    const tree = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.string(), { minKeys: 1, maxKeys: 3 });
    fc.assert(
      fc.property(tree, tree, (one, other) => {
        expect(ofTree(one).files === ofTree(other).files).toBe(sameEntries(one, other));
      }),
      { numRuns: 50 },
    );
  });

  const changes: [what: string, from: string, to: string, keys: (keyof Keys)[]][] = [
    ['a package', '[python3]', '[python3, curl]', ['image', 'python', 'system']],
    ['a command', 'user:', 'run: [[ldconfig]]\nuser:', ['image', 'python', 'system']],
    ['where Python packages go', '/opt/app }', '/opt/other }', ['image', 'python']],
    ['a build', 'user:', `${BUILD}user:`, ['built', 'image']],
    ['where a file goes', '/opt/app.py', '/opt/main.py', ['files', 'image']],
    ['the mode of a file', 'to: /opt/app.py', `to: /opt/app.py, mode: '0755'`, ['files', 'image']],
    ['the environment', 'user:', 'env: { A: b }\nuser:', ['image']],
    ['the version', '1.0.0', '1.0.1', ['image']],
    ['who runs it', `'1000:1000'`, `'1001:1000'`, ['image']],
  ];
  for (const [what, from, to, expected] of changes) {
    test(`should change with ${what}, and only where it goes in`, () => {
      expect(changed(keys(), keys({ 'image.yaml': RECIPE.replace(from, to) }))).toEqual(expected);
    });
  }

  test('should change with the locked packages, and leave the system as it is', () => {
    const after = keys({ 'requirements.txt': REQUIREMENT.replace('1.0.0', '1.0.1') });
    expect(changed(keys(), after)).toEqual(['image', 'python']);
  });

  test('should change with what a build is made of, and what lies above and below it stays', () => {
    const built = (change: (text: string) => string, files: Record<string, string> = {}) =>
      keys({ 'image.yaml': `${RECIPE}${change(BUILD)}`, 'train.py': 'print(1)\n', 'train.txt': REQUIREMENT, ...files });
    const own = (text: string) => text.replace('[app.py]', '[train.py]').replace('requirements.txt', 'train.txt');
    const before = built(own);
    expect(changed(before, built(own, { 'train.py': 'print(2)\n' }))).toEqual(['built', 'image']);
    expect(changed(before, built(own, { 'train.txt': REQUIREMENT.replace('1.0.0', '2.0.0') }))).toEqual([
      'built',
      'image',
    ]);
    expect(
      changed(
        before,
        built((text) => own(text).replace('/opt/made', '/opt/model')),
      ),
    ).toEqual(['built', 'image']);
    expect(
      changed(
        before,
        built((text) => own(text).replace('python3, ', 'python3, -X, dev, ')),
      ),
    ).toEqual(['built', 'image']);
    const below = built(own, { 'requirements.txt': REQUIREMENT.replace('1.0.0', '1.0.1') });
    expect(changed(before, below)).toEqual(['built', 'image', 'python']);
  });

  test('should not be there for layers that a recipe does not have', () => {
    const bare = `version: 1.0.0\nbase: { suite: trixie }\nuser: '1000:1000'\n`;
    expect(keys({ 'image.yaml': bare })).toMatchObject({ python: undefined, built: undefined, files: undefined });
  });

  test('should be the same system for the bundled gateway and tool server, so that nodes pull it once', () => {
    const [gateway, server] = ['contextforge', 'custom-server'].map((name) =>
      keysOf(readRecipe(`fixtures/targets/contextforge/images/${name}`)),
    );
    expect(gateway?.system).toBe(server?.system);
  });
});

function keys(files: Record<string, string> = {}): Keys {
  return keysOf(readRecipe(recipeFolder(files)));
}

function ofTree(tree: Record<string, string>): Keys {
  const files = Object.entries(tree).map(([name, text]) => [`tree/${name}`, text]);
  return keys({
    'image.yaml': RECIPE.replace('from: app.py', 'from: tree'),
    ...(Object.fromEntries(files) as Record<string, string>),
  });
}

function changed(before: Keys, after: Keys): string[] {
  return (Object.keys(before) as (keyof Keys)[]).filter((name) => before[name] !== after[name]).sort();
}

function sameEntries(one: Record<string, string>, other: Record<string, string>): boolean {
  const entries = (tree: Record<string, string>) => JSON.stringify(Object.entries(tree).sort());
  return entries(one) === entries(other);
}
