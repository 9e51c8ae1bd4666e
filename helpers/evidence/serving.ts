import { stringify } from 'yaml';
import type { ServerFact } from '../deliverables/facts.ts';
import type { Executed } from './sources.ts';

/** The files of the protocol, by the serving protocol that they are about. */
export const servingFileNames: Readonly<Record<string, string>> = {
  rest: 'fastapi_server.py',
  torchserve: 'torchserve_config.json',
  'tensorflow-grpc': 'tensorflow_serving_config.yaml',
};

/** What the server was really started with, read out of its running container. */
export function servingFiles(executed: Executed | undefined): [string, string][] {
  const { server, experiment = '' } = executed ?? {};
  const name = server === undefined ? undefined : servingFileNames[server.protocol];
  if (server === undefined || name === undefined) return [];
  const content = contentOf(server, experiment);
  return content === undefined ? [] : [[`serving/${name}`, content]];
}

function contentOf(server: ServerFact, experiment: string): string | undefined {
  const { protocol, commandLine, files, version } = server;
  const source = `Read out of the running container of version ${version} in ${experiment}`;
  switch (protocol) {
    case 'rest':
      if (files.length === 0) return undefined;
      return [
        `# ${source}. Started as: ${commandLine.join(' ')}`,
        ...files.flatMap(({ path, content }) => ['', `# ---- ${path}`, content.trimEnd()]),
        '',
      ].join('\n');
    case 'torchserve': {
      const configuration = Object.assign({}, ...files.map(({ content }) => propertiesIn(content))) as object;
      return `${JSON.stringify({ source, commandLine, configuration, files }, undefined, 2)}\n`;
    }
    default:
      return `# ${source}.\n${stringify({ commandLine, files }, { lineWidth: 0 })}`;
  }
}

/** Lines `key=value` of Java's properties. */
function propertiesIn(content: string): Record<string, string> {
  const lines = content.split('\n').filter((line) => /^[\w.]+\s*=/.test(line));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}
