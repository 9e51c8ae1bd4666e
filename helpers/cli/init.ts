import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { UserError } from '../errors.ts';
import { loadTarget } from '../target/load.ts';
import { SUPPORT_FACTS, writeSupportTemplate } from './support-template.ts';

/** The questions, in the order in which they are asked; every one is a flag too. */
const questions = {
  name: { ask: 'Name of the target', fallback: 'my-gateway' },
  release: { ask: 'Helm release', fallback: 'gateway' },
  chart: { ask: 'Chart: a folder, oci://HOST/PATH, or NAME of a repository', fallback: './chart' },
  repo: { ask: 'URL of the Helm repository (empty for a folder or oci://)', fallback: '' },
  chartVersion: { ask: 'Exact version of the chart (empty for a folder)', fallback: '' },
  values: { ask: 'Values file (empty for none)', fallback: '' },
  kubernetes: { ask: 'Kubernetes versions that the chart supports, separated by commas', fallback: '1.35,1.36' },
  url: { ask: 'URL where MCP clients enter (empty: a Service in the namespace)', fallback: '' },
  service: { ask: 'Service where MCP clients enter (NodePort or LoadBalancer)', fallback: 'gateway' },
  port: { ask: 'Port of that Service', fallback: 'http' },
  path: { ask: 'Path of the MCP endpoint', fallback: '/mcp' },
  tokenVariable: { ask: 'Environment variable that holds the bearer token (empty: none needed)', fallback: '' },
  tool: { ask: 'Tool to call', fallback: 'echo' },
  arguments: { ask: 'Its arguments, as JSON', fallback: '{}' },
  expect: { ask: 'Text that its result must contain', fallback: 'ok' },
} as const;

type Answers = Record<keyof typeof questions, string>;

interface Flags {
  dir: string;
  force?: true;
  yes?: true;
  support?: true;
}

/** `seatrial init`: writes a target.yaml for the person's own chart. */
export function initCommand(): Command {
  const command = new Command('init')
    .description('Write a target.yaml for your own chart, by asking')
    .option('--dir <folder>', 'where to write it', '.')
    .option('--force', 'overwrite one that is there')
    .option('--support', 'write only the template for facts about support, beside a target.yaml that is there')
    .option('-y, --yes', 'do not ask: flags and defaults only');
  for (const [name, { ask, fallback }] of Object.entries(questions)) {
    command.option(
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <text>`,
      `${ask} (default: ${fallback === '' ? 'none' : fallback})`,
    );
  }
  return command.action(async ({ dir, force, yes, support, ...given }: Partial<Answers> & Flags) => {
    if (support === true) {
      writeSupportFacts(resolve(dir), force === true);
      return;
    }
    const file = join(resolve(dir), 'target.yaml');
    refuseToOverwrite(file, force === true);
    const answers = yes === true || !process.stdin.isTTY ? withDefaults(given) : await askAll(given);
    write(
      file,
      `# yaml-language-server: $schema=https://seatrial.dev/schemas/target/v1\n${stringify(declaration(answers))}`,
    );
    console.log(
      `${file} is written and valid. Next: npx seatrial validate ${dir}, then SEATRIAL_TARGET=${dir} npx playwright test\n` +
        `Facts about support, for criteria 6 and 7 of Category 8: put yours into ${join(dir, SUPPORT_FACTS)}, which is a template`,
    );
  });
}

/** `seatrial init --support`: for a target that has no facts about support yet. */
function writeSupportFacts(folder: string, force: boolean): void {
  const file = join(folder, SUPPORT_FACTS);
  refuseToOverwrite(file, force);
  writeSupportTemplate(folder, force);
  console.log(
    `${file} is written, a template: put your facts into it, and add "support: ${SUPPORT_FACTS}" to target.yaml`,
  );
}

function refuseToOverwrite(file: string, force: boolean): void {
  if (!existsSync(file) || force) return;
  throw new UserError({
    what: `There is a ${basename(file)} already`,
    where: file,
    fix: 'choose another folder with --dir, or overwrite it with --force',
  });
}

function withDefaults(given: Partial<Answers>): Answers {
  const entries = Object.entries(questions).map(([name, { fallback }]) => [
    name,
    given[name as keyof Answers] ?? fallback,
  ]);
  return Object.fromEntries(entries) as Answers;
}

async function askAll(given: Partial<Answers>): Promise<Answers> {
  const dialogue = createInterface({ input: process.stdin, output: process.stderr });
  const answers = { ...given };
  for (const [name, { ask, fallback }] of Object.entries(questions) as [
    keyof Answers,
    { ask: string; fallback: string },
  ][]) {
    if (answers[name] !== undefined) continue;
    const answer = await dialogue.question(`${ask}${fallback === '' ? '' : ` [${fallback}]`}: `);
    answers[name] = answer.trim() === '' ? fallback : answer.trim();
  }
  dialogue.close();
  return withDefaults(answers);
}

/** What the answers declare; whether it is right is for `loadTarget` to say. */
function declaration(answers: Answers) {
  const { chart, repo, chartVersion, values, url, service, port, path, tokenVariable } = answers;
  return {
    apiVersion: 'seatrial.dev/v1',
    kind: 'McpGateway',
    name: answers.name,
    description: `Trial of ${answers.release}`,
    kubernetesVersions: answers.kubernetes.split(',').map((version) => version.trim()),
    releases: [
      {
        name: answers.release,
        chart: chart.startsWith('oci://')
          ? { oci: chart, version: chartVersion }
          : repo === ''
            ? { path: chart }
            : { repo, name: chart, version: chartVersion },
        ...(values === '' ? {} : { values: [values] }),
      },
    ],
    mcp: {
      endpoint: url === '' ? { service, port: /^\d+$/.test(port) ? Number(port) : port, path } : { url },
      auth: tokenVariable === '' ? { none: true } : { bearer: { env: tokenVariable } },
      toolCall: { tool: answers.tool, arguments: parseArguments(answers.arguments), expect: answers.expect },
    },
    support: SUPPORT_FACTS,
  };
}

function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError({
      what: `The tool's arguments are not JSON: ${text}`,
      where: '--arguments',
      fix: 'write them like \'{"text": "hello"}\'',
    });
  }
}

/** A file that would not be valid is not left behind, and takes no other one's place: the person would find it out only later. */
function write(file: string, text: string): void {
  const before = existsSync(file) ? readFileSync(file) : undefined;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const undoSupport = writeSupportTemplate(dirname(file));
  try {
    loadTarget(file);
  } catch (thrown) {
    undoSupport();
    if (before === undefined) rmSync(file);
    else writeFileSync(file, before);
    throw thrown;
  }
}
