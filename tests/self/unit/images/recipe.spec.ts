import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { layOutProxy } from '../../../../helpers/cluster/embedded/istio-proxy.ts';
import { UserError } from '../../../../helpers/errors.ts';
import { readRecipe } from '../../../../helpers/images/recipe.ts';
import { BUILD, RECIPE, recipeFolder, REQUIREMENT } from './recipes.ts';

test.describe('image recipes', { tag: '@static' }, () => {
  test('should be read with their defaults', () => {
    const folder = recipeFolder();
    expect(readRecipe(folder)).toMatchObject({
      folder,
      version: '1.0.0',
      python: { target: '/opt/app', trim: [] },
      files: [{ from: 'app.py', mode: '0644', owner: '0:0' }],
      run: [],
      trim: [],
      env: {},
      ports: [],
    });
  });

  for (const name of ['postgres', 'contextforge', 'custom-server']) {
    test(`should be right for the bundled image ${name}`, () => {
      expect(() => readRecipe(join('fixtures/targets/contextforge/images', name))).not.toThrow();
    });
  }

  test("should be right for the mesh's proxy, whose parts come from other folders", ({}, testInfo) => {
    const [recipe, istio, wheel] = ['recipe', 'istio', 'wheel'].map((name) => testInfo.outputPath(name)) as [
      string,
      string,
      string,
    ];
    for (const part of [
      join(istio, 'pilot-agent'),
      join(istio, 'bootstrap/envoy_bootstrap.json'),
      join(wheel, 'envoy/_bin/envoy'),
    ]) {
      mkdirSync(dirname(part), { recursive: true });
      writeFileSync(part, '');
    }
    mkdirSync(recipe, { recursive: true });
    layOutProxy(recipe, { istio, wheel });
    expect(() => readRecipe(recipe)).not.toThrow();
  });

  test('should be right for the bundled model server', () => {
    expect(readRecipe('fixtures/targets/fastapi-iris/images/fastapi-iris').build?.output).toBe('/opt/models');
  });

  test('should be missed when they are not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'seatrial-no-recipe-'));
    expect(mistakesIn(folder)).toEqual([['The image recipe is missing', expect.stringContaining('image.yaml')]]);
  });

  const mistakes: [change: string, from: string, to: string, what: RegExp, field: string][] = [
    ['a misspelt key', 'user:', 'usr:', /"usr" is not a field/, 'usr'],
    ['another Debian release', 'trixie', 'sid', /must be "bookworm" or "trixie"/, 'base.suite'],
    ['no package name', '[python3]', '[Python_3]', /name of a Debian package/, 'base.packages[0]'],
    ['no interpreter for Python packages', '[python3]', '[perl]', /need an interpreter/, 'base.packages'],
    ['a user by name', `'1000:1000'`, 'nobody', /must be numeric/, 'user'],
    ['a relative path in the image', '/opt/app.py', 'opt/app.py', /absolute path in the image/, 'files[0].to'],
    ['a path out of the image', '/opt/app.py', '/opt/../../etc', /absolute path in the image/, 'files[0].to'],
    ['a file outside the recipe', 'from: app.py', 'from: ../app.py', /below the folder/, 'files[0].from'],
    ['a file that is not there', 'from: app.py', 'from: nope.py', /nope.py does not exist/, 'files[0].from'],
    [
      'a build without its file',
      'user:',
      `${BUILD.replace('[app.py]', '[nope.py]')}user:`,
      /nope.py does not exist/,
      'build.files[0]',
    ],
    [
      'a build without its lock file',
      'user:',
      `${BUILD.replace('requirements.txt', 'nope.txt')}user:`,
      /nope.txt is not a file/,
      'build.requirements',
    ],
    [
      'a build that may leave anything anywhere',
      'user:',
      `${BUILD.replace('/opt/made', '/')}user:`,
      /absolute path in the image/,
      'build.output',
    ],
    ['no lock file', 'requirements.txt', 'nope.txt', /nope.txt is not a file/, 'python.requirements'],
    ['a mode that is no text', 'to: /opt/app.py', 'to: /opt/app.py, mode: 755', /must be text/, 'files[0].mode'],
    ['a version that no tag can have', '1.0.0', '1.0.0+x', /fit into an image tag/, 'version'],
  ];
  for (const [name, from, to, what, field] of mistakes) {
    test(`should be refused with ${name}, naming file, line and field`, () => {
      const found = mistakesIn(recipeFolder({ 'image.yaml': RECIPE.replace(from, to) }));
      const place = expect.stringMatching(/image\.yaml:\d+ /) as unknown;
      expect(found).toContainEqual([expect.stringMatching(what), place]);
      expect(found.map(([, where]) => where?.split(' ')[1])).toContain(field);
    });
  }

  const loose: [name: string, line: string][] = [
    ['a range of versions', `demo>=1 --hash=sha256:${'a'.repeat(64)}`],
    ['no hash', 'demo==1.0.0'],
    ['an environment marker', `demo==1.0.0 ; python_version < "3.13" --hash=sha256:${'a'.repeat(64)}`],
    ['an option', '--pre'],
    ['a package from elsewhere', 'demo @ file:///demo.whl'],
  ];
  for (const [name, line] of loose) {
    test(`should be refused when a locked package has ${name}, naming the line`, () => {
      const text = `# locked\n${REQUIREMENT}${line}\n`;
      const [what, where] = mistakesIn(recipeFolder({ 'requirements.txt': text }))[0] ?? [];
      expect(what).toContain('pinned by version and hash');
      expect(where).toMatch(/requirements\.txt:4$/);
    });
  }

  test('should tell all mistakes at once', () => {
    const text = RECIPE.replace('trixie', 'sid').replace('user:', 'usr:').replace('/opt/app.py', 'app.py');
    expect(mistakesIn(recipeFolder({ 'image.yaml': text }))).toHaveLength(3);
  });
});

function mistakesIn(folder: string): [what: string, where: string | undefined][] {
  try {
    readRecipe(folder);
  } catch (thrown) {
    if (thrown instanceof UserError) return thrown.mistakes.map(({ what, where }) => [what, where]);
    throw thrown;
  }
  return [];
}
