import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ServerFact } from '../../deliverables/facts.ts';
import { describeBlock, runBlock } from '../../runbooks/execute.ts';
import type { Workbench } from '../../runbooks/workbench.ts';
import type { ModelTarget } from '../../target/model/schema.ts';
import type { ExperimentContext } from '../types.ts';

/** The API server is asked twice, in ms. */
const LIMIT_MS = 60_000;
/** What people write by hand, by the end of its name; nothing else is read out of a container. */
const TEXTS = ['.py', '.properties', '.json', '.yaml', '.yml', '.toml', '.conf', '.config', '.cfg'];
/** Stands before each file in what the container prints; no text has it. */
const MARK = '\f';

/** Asks a pod of the Deployment what its server was started with, and for the programs and configurations that this names. */
export async function serverProcess(
  context: Pick<ExperimentContext<ModelTarget>, 'target' | 'signal' | 'redactor'>,
  bench: Workbench,
  { deployment, version }: { deployment: string; version: string },
): Promise<ServerFact> {
  const commandLine = (await inside(context, bench, deployment, "tr '\\0' '\\n' </proc/1/cmdline"))
    .split('\n')
    .filter((word) => word !== '');
  const patterns = patternsOf(commandLine);
  const print = `for file in ${patterns.join(' ')}; do if [ -f "$file" ]; then printf '${String.raw`\f`}%s\\n' "$file"; cat "$file"; fi; done`;
  const printed = patterns.length === 0 ? '' : await inside(context, bench, deployment, print);
  const files = printed
    .split(MARK)
    .slice(1)
    .map((text) => {
      const end = text.indexOf('\n');
      return { path: text.slice(0, end), content: text.slice(end + 1) };
    });
  return { version, protocol: context.target.serving.protocol, commandLine, files };
}

/** Absolute paths in a command line that name texts, `--file=/path` too; of a program, all that lies beside it. */
export function patternsOf(commandLine: readonly string[]): string[] {
  const paths = commandLine
    .flatMap((word) => word.split('='))
    .filter((word) => /^\/[\w./-]+$/.test(word) && TEXTS.some((end) => word.endsWith(end)));
  return [...new Set(paths.map((path) => (path.endsWith('.py') ? join(dirname(path), '*.py') : path)))];
}

/** What a command prints in the container; by way of a file, since only the end of what a block prints is kept. */
async function inside(
  { signal, redactor }: Pick<ExperimentContext, 'signal' | 'redactor'>,
  bench: Workbench,
  deployment: string,
  command: string,
): Promise<string> {
  const file = join(bench.folder, 'tmp', 'printed');
  const quoted = `'${command.replaceAll("'", String.raw`'\''`)}'`;
  const script = `kubectl exec deployment/${deployment} --container model-server -- sh -c ${quoted} >'${file}'`;
  const result = await runBlock({ role: 'detect', line: 1, script }, bench, { timeoutMs: LIMIT_MS, signal, redactor });
  if (!result.ok) throw new Error(describeBlock(result));
  return readFileSync(file, 'utf8');
}
