import type { CallRecord } from '../../history/records.ts';
import { McpClient, requireTool } from '../../mcp/client.ts';
import { resolveEndpoint } from '../../mcp/endpoint.ts';
import { tokenFor } from '../../mcp/token.ts';
import { trial } from '../steps.ts';
import type { FrontDoor } from './effects.ts';
import { waitForArrival } from './arrival.ts';
import type { GitOpsSession } from './session.ts';

/** A release has a time-out of its own, and may be tried again after it; this is for all of them together, in ms. */
const DEPLOY_LIMIT_MS = 30 * 60_000;

/**
 * Waits until the engine has deployed the first commit, and calls the declared tool through the front door. Steps: `deployed`, `endpoint`,
 * `first-call`.
 * @returns undefined when the target failed.
 */
export async function enterOnceDeployed(session: GitOpsSession): Promise<FrontDoor | undefined> {
  const { context, kube, commit, secrets } = session;
  const { target, history, signal, redactor } = context;
  const arrival = await trial(
    context,
    'deployed',
    'wait until everything is deployed from Git',
    () => waitForArrival(session, commit, { timeoutMs: DEPLOY_LIMIT_MS }),
    (moments) => ({ ...moments }),
  );
  if (arrival === undefined) return undefined;
  const { endpoint, auth, protocol, toolCall } = target.mcp;
  const token = await tokenFor(auth, { secrets });
  if (token !== undefined) redactor.add(token);
  const url = await trial(
    context,
    'endpoint',
    'find the endpoint',
    () => resolveEndpoint(kube, endpoint, signal),
    (found) => ({ url: found }),
  );
  if (url === undefined) return undefined;
  const called = await trial(
    context,
    'first-call',
    `call ${toolCall.tool}`,
    async () => {
      const onCall = (record: CallRecord) => {
        history.append({ ...record, id: `first.${record.id}` });
      };
      const client = await McpClient.connect({ url, token, protocol, onCall, signal });
      try {
        requireTool(toolCall.tool, await client.listTools());
        const record = await client.callTool(toolCall);
        if (record.outcome !== 'served') throw new Error(`${record.outcome}: ${record.error ?? ''}`);
        return record;
      } finally {
        await client.close();
      }
    },
    ({ end }) => ({ served: end }),
  );
  return called === undefined ? undefined : { url, token };
}
