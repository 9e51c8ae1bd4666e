import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from '@playwright/test';
import { execaNode } from 'execa';
import type { RunVerdict } from '../../../helpers/verdict/types.ts';

const repository = join(import.meta.dirname, '../../..');
const cli = join(dirname(createRequire(import.meta.url).resolve('@playwright/test/package.json')), 'cli.js');

export interface ProjectOptions {
  /** Sends Ctrl-C as soon as this was printed. */
  interruptAt?: string;
  args?: string[];
  /** On top of an environment without anything of this run. */
  env?: Record<string, string>;
  /** For the reporters. */
  options?: { base?: string; target?: string };
  /** Name of its folder, for a test that runs several. */
  root?: string;
  /** A spec outside of the standard. */
  other?: string;
  /** How many checks its gate has. */
  checks?: number;
  /** Its gates, and the experiments behind each; one gate with one experiment unless it says otherwise. */
  gates?: Record<string, string[]>;
}

/** Runs a project whose only standard has one gate; `gate(verdict)` in a spec writes the history that decides it. */
export async function project(
  specs: Record<string, string>,
  {
    interruptAt,
    args = [],
    other,
    env = {},
    options = {},
    root: name = 'project',
    checks = 1,
    gates,
  }: ProjectOptions = {},
) {
  const root = test.info().outputPath(name);
  const folder = join(root, 'reports/runs/20261121-100000-abcd');
  const files: Record<string, string> = {
    'package.json': '{"type":"module"}',
    'playwright.config.ts': `
      import { reporters } from ${at('reports/reporters.ts')};
      const list = reporters(${JSON.stringify(folder)}, ${JSON.stringify({ tests: join(root, 'tests'), ...options })});
      export default { testDir: 'tests', outputDir: ${JSON.stringify(join(folder, 'test-results'))}, workers: 1, retries: ${specs['gate.spec.ts']?.includes('flaky') === true ? '1' : '0'}, reporter: list };`,
    'tests/tiny/standard.ts': gates === undefined ? tinyStandard(checks) : standardOf(gates),
    'tests/tiny/gate.ts': `
      import { test, expect } from '@playwright/test';
      import { HistoryWriter } from ${at('helpers/history/history.ts')};
      export function gate(verdict) {
        const writer = HistoryWriter.begin(${JSON.stringify(join(folder, 'experiments/t/e/history.jsonl'))}, { experiment: 'e', target: 't', run: 'r' });
        writer.fact('verdict', verdict);
        writer.end('completed');
      }
      /** Leaves a test as the fixture of that name does. */
      export function judge(item, verdict) {
        gate(verdict);
        test.info().annotations.push({ type: 'verdict', description: verdict });
        expect.soft(verdict, 'It holds — expected pass, seen ' + verdict).toBe(verdict === 'not-applicable' ? verdict : 'pass');
      }`,
    'reports/runs/20261121-100000-abcd/run.json': JSON.stringify({
      id: '20261121-100000-abcd',
      complete: false,
      target: 't',
    }),
    ...(other === undefined ? {} : { 'tests/other/other.spec.ts': other }),
  };
  for (const [spec, body] of Object.entries(specs)) {
    files[`tests/tiny/${spec}`] =
      `import { test, expect } from '@playwright/test'; import { gate, judge } from './gate.ts';\n${body}`;
  }
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
  const running = execaNode(cli, ['test', ...args], {
    cwd: root,
    reject: false,
    nodeOptions: [],
    env: { ...environment(), ...env },
    extendEnv: false,
  });
  running.stdout.on('data', (chunk: Buffer) => {
    if (interruptAt !== undefined && chunk.toString().includes(interruptAt)) running.kill('SIGINT');
  });
  const { stdout, stderr, exitCode } = await running;
  const verdict = () => JSON.parse(readFileSync(join(folder, 'verdict.json'), 'utf8')) as RunVerdict;
  return { stdout, stderr, exitCode, root, folder, verdict };
}

const tinyStandard = (checks: number) => `
  const check = (_, index) => ({
    id: index === 0 ? 'holds' : 'holds-' + index, title: 'It holds', expected: 'pass', experiment: 'e',
    evaluate: (history) => ({ verdict: history.fact('verdict'), seen: String(history.fact('verdict')), evidence: ['e#2'] }),
  });
  export default {
    id: 'tiny',
    title: 'A tiny standard',
    items: [{ id: 'gate-tiny', kind: 'gate', name: 'Tiny', text: 'It holds', checks: Array.from({ length: ${String(checks)} }, check) }],
    scorecard: ({ items }) => \`tiny: \${items[0].status}\\n\`,
  };`;

const standardOf = (gates: Record<string, string[]>) => `
  const check = (experiment) => ({
    id: 'of-' + experiment, title: 'It holds', expected: 'pass', experiment,
    evaluate: (history) => ({ verdict: history.fact('verdict'), seen: 'it', evidence: [experiment + '#2'] }),
  });
  export default {
    id: 'tiny',
    title: 'A tiny standard',
    items: Object.entries(${JSON.stringify(gates)}).map(([id, experiments]) => ({
      id, kind: 'gate', name: id, text: 'It holds', checks: experiments.map(check),
    })),
    scorecard: () => 'tiny\\n',
  };`;

/** Nothing of the run that this test belongs to must reach the run that it starts. */
function environment(): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(SEATRIAL|PW|PLAYWRIGHT|TEST_|ALLURE|NODE_OPTIONS|GITHUB|FORCE_COLOR|DEBUG_COLORS|CI$)/.test(name),
  );
  return Object.fromEntries(inherited);
}

function at(file: string): string {
  return JSON.stringify(pathToFileURL(join(repository, file)).href);
}
