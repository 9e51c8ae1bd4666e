import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { answerServer } from '../answers/server.ts';
import { messageOf, UserError } from '../errors.ts';
import { harmless } from '../format.ts';
import { runsFolder } from '../run/run.ts';

interface Flags {
  host: string;
  port: string;
  runs?: string;
  tokenFile?: string;
  anyone?: true;
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;

/** `seatrial serve`: Flagger and Argo Rollouts ask it whether a gate has passed. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('Answer Flagger, Argo Rollouts and Prometheus over HTTP from the verdicts of stored runs')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <port>', 'port to listen on; 0 for any free one', '8088')
    .option('--runs <folder>', 'folder of the runs (default: reports/runs)')
    .option('--token-file <file>', 'whoever asks has to bring the token in this file')
    .option('--anyone', 'answer whoever can reach an address beyond this machine, without a token')
    .action(serve);
}

async function serve({ host, port, runs, tokenFile, anyone }: Flags): Promise<void> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new UserError({ what: `"${port}" is no port`, where: '--port', fix: 'name a number from 0 to 65535' });
  const token = tokenFile === undefined ? undefined : tokenIn(tokenFile);
  if (!LOOPBACK.test(host) && token === undefined && anyone !== true) {
    throw new UserError({
      what: `Whoever reaches ${host} could read the verdicts`,
      where: '--host',
      fix: 'ask for a token with --token-file, or say --anyone where a network policy decides who may ask',
    });
  }
  const folder = runs === undefined ? runsFolder : resolve(runs);
  if (!existsSync(folder))
    throw new UserError({
      what: 'There is no folder of runs',
      where: folder,
      fix: 'name it with --runs, or start a run with `npx playwright test`',
    });
  const server = answerServer({
    runsFolder: folder,
    token,
    log: (line) => {
      console.error(`${new Date().toISOString()} ${harmless(line)}`);
    },
  });
  server.listen(Number(port), host);
  await once(server, 'listening').catch((thrown: unknown) => {
    throw new UserError({
      what: `It cannot listen there: ${messageOf(thrown)}`,
      where: `${host}:${port}`,
      fix: 'name another --host or --port',
    });
  });
  const { address, port: bound, family } = server.address() as AddressInfo;
  console.log(`Answering from ${folder} on http://${family === 'IPv6' ? `[${address}]` : address}:${String(bound)}`);
  const stop = () => {
    server.close();
    server.closeIdleConnections();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  await once(server, 'close');
}

/** @throws UserError when there is none. */
function tokenIn(file: string): string {
  const token = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (token !== '') return token;
  throw new UserError({ what: 'There is no token', where: `--token-file ${file}`, fix: 'write one into that file' });
}
