import { readdirSync } from 'node:fs';
import { importX } from 'eslint-plugin-import-x';
import playwright from 'eslint-plugin-playwright';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;

/** Standards are the folders of tests/ but `self`: one more needs no change here. */
const standards = readdirSync(`${root}/tests`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'self')
  .map((entry) => `tests/${entry.name}`);

/** What a mechanism is made of. The command line is a program on top of it, which writes reports as the runner does. */
const mechanism = readdirSync(`${root}/helpers`)
  .filter((name) => name !== 'cli')
  .map((name) => `helpers/${name}`);

/** Imports go one way: tests → fixtures → helpers. Reports see verdicts and histories, never a cluster. */
const importDirections = [
  { target: 'helpers', from: ['fixtures', 'tests', 'bin'], message: 'helpers import helpers only' },
  ...mechanism.map((target) => ({ target, from: 'reports', message: 'helpers import helpers only' })),
  { target: 'fixtures', from: ['tests', 'bin'], message: 'fixtures import helpers and reports' },
  { target: 'reports', from: ['fixtures', 'tests', 'bin'], message: 'reports import helpers only' },
  {
    target: 'reports',
    from: 'helpers',
    except: [
      'verdict',
      'evidence',
      'history',
      'run',
      'traffic/analysis',
      'traffic/plan.ts',
      'traffic/records.ts',
      // Where in a declaration something stands.
      'config/document.ts',
      'errors.ts',
      'svg.ts',
      'format.ts',
    ].map((name) => `./${name}`),
    message: 'reports are views of verdicts and histories',
  },
  { target: 'bin', from: 'tests', message: 'only the suite itself imports tests' },
  ...standards.map((standard) => ({
    target: standard,
    from: 'tests',
    except: [`./${standard.slice('tests/'.length)}`],
    message: 'a standard stands alone: what two of them need belongs into helpers',
  })),
];

/** What a target, a chart or a server says must never be read by a shell: it comes as an argument, or through the environment. */
const noShell = 'Give values to commands as arguments of their own: in the text of a shell they would be commands.';
const shells = [
  'Property[key.name="shell"]:not([value.value=false])',
  // The text behind `-c` stands there, or has a name of its own; it is not put together.
  'ArrayExpression > Literal[value=/^-[a-z]*c$/] + :matches(TemplateLiteral[expressions.length>0], BinaryExpression, CallExpression)',
].map((selector) => ({ selector, message: noShell }));
const shellFunctions = [
  { name: 'node:child_process', importNames: ['exec', 'execSync'], message: noShell },
  { name: 'execa', importNames: ['$', 'execaCommand', 'execaCommandSync', 'parseCommandString'], message: noShell },
];

export default defineConfig(
  globalIgnores(['reports/runs/', 'reports/latest/', 'test-results/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: ['**/*.{ts,js,mjs}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    plugins: { 'import-x': importX },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath: root, zones: importDirections }],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name="waitForTimeout"]',
          message: 'Wait for a condition, not for a time.',
        },
        ...shells,
      ],
      'no-restricted-imports': ['error', { paths: shellFunctions }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A number has one way to be printed; null, undefined and objects do not, and stay forbidden.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // An empty text is as good as none: `stderr || message`.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      // `const { secret, ...rest } = record` is how a field is left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },

  {
    // Plain JavaScript is not part of the TypeScript project.
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
  },

  {
    // What talks to the person at the terminal.
    files: ['bin/**', 'helpers/cli/**', 'tests/self/bench/**'],
    rules: { 'no-console': 'off' },
  },

  {
    // Playwright reads a fixture's needs from its first parameter: one that needs nothing says so with `{}`.
    files: ['fixtures/**/*.ts'],
    rules: { 'no-empty-pattern': 'off' },
  },

  {
    files: ['tests/**/*.ts'],
    extends: [playwright.configs['flat/recommended']],
    rules: {
      ...asErrors(playwright.configs['flat/recommended'].rules),
      'playwright/expect-expect': [
        'error',
        { assertFunctionNames: ['judge', 'fc.assert', 'expectSamples', 'expectTraffic'] },
      ],
      // The reason of a skip would be lost: what did not run is `inconclusive`, which only a check can say.
      'playwright/no-skipped-test': ['error', { disallowFixme: true }],
      // The tiers; CONTRIBUTING.md says what each of them needs.
      'playwright/valid-test-tags': ['error', { allowedTags: ['@static', '@smoke', '@full'] }],
    },
  },

  {
    // Code is tested with code: unions are narrowed and inputs are built. An `expect` still never hangs on a condition.
    files: ['tests/self/**/*.ts'],
    rules: { 'playwright/no-conditional-in-test': 'off' },
  },

  {
    files: ['tests/self/unit/**/*.spec.ts'],
    rules: {
      'playwright/valid-title': ['error', { mustMatch: { test: '^should ' } }],
      'playwright/valid-test-tags': ['error', { allowedTags: ['@static'] }],
    },
  },
);

/** A warning that nobody must heed is noise: all of a preset's warnings are errors here. */
function asErrors(rules) {
  return Object.fromEntries(Object.entries(rules).map(([name, level]) => [name, level === 'warn' ? 'error' : level]));
}
