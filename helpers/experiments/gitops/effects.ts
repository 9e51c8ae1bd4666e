import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import { now } from '../../history/history.ts';
import type { CallRecord } from '../../history/records.ts';
import { McpClient } from '../../mcp/client.ts';
import type { Effect } from '../../target/gitops.ts';
import { waitUntil } from '../../wait.ts';
import type { ExperimentContext } from '../types.ts';

/**
 * Pause before the next look, in ms: as long as nothing is to be seen, and once it was seen. Each look is a connection of its own, so that
 * any replica may answer it; it costs the target three requests, so looks come one at a time.
 */
const PAUSE_MS = { before: 500, after: 100 };
/** Looks in a row that have to see the same: with two replicas the chance that one of them was never asked is 1 in 2¹⁵. */
const LOOKS_IN_A_ROW = 16;

/** Where clients enter, and as whom. */
export interface FrontDoor {
  url: string;
  token: string | undefined;
}

/** What one client saw. */
export interface Look {
  /** An answer came that says something about the effect, whatever it says. */
  answered: boolean;
  holds: boolean;
  seen: string;
}

/** When an effect was first seen, and since when every client saw it, in ms since the epoch. */
export interface EffectMoments {
  firstSeen: number;
  everywhere: number;
}

/** Looks through the front door by real MCP calls; all of them are in the history, with ids of their own. */
export class EffectWatch {
  readonly #context: ExperimentContext;
  readonly #door: FrontDoor;
  #looks = 0;

  constructor(context: ExperimentContext, door: FrontDoor) {
    this.#context = context;
    this.#door = door;
  }

  /** One look with a connection of its own. Does not throw but when the experiment is aborted. */
  async look(effect: Effect): Promise<Look> {
    const { target, history, signal } = this.#context;
    const prefix = `look-${String(++this.#looks)}`;
    const onCall = (record: CallRecord) => {
      history.append({ ...record, id: `${prefix}.${record.id}` });
    };
    try {
      const { protocol } = target.mcp;
      const client = await McpClient.connect({ ...this.#door, protocol, newConnections: true, onCall, signal });
      try {
        return await ask(client, effect);
      } finally {
        await client.close();
      }
    } catch (thrown) {
      signal.throwIfAborted();
      return { answered: false, holds: false, seen: messageOf(thrown) };
    }
  }

  /**
   * Waits until every client sees the effect, or until none does any more.
   * @param isOverdue tells that there is nothing left to wait for.
   * @throws Error with what was seen last when the time is up.
   */
  async wait(
    effect: Effect,
    { present, timeoutMs, isOverdue }: { present: boolean; timeoutMs: number; isOverdue: () => boolean },
  ): Promise<EffectMoments> {
    const isAsWanted = ({ answered, holds }: Look) => answered && holds === present;
    let firstSeen: number | undefined;
    let everywhere: number | undefined;
    let last = 'nothing';
    const { signal } = this.#context;
    const settled = async () => {
      const begun = now();
      for (let look = 0; look < LOOKS_IN_A_ROW; look++) {
        const one = await this.look(effect);
        if (!isAsWanted(one)) {
          last = one.seen;
          return isOverdue();
        }
        firstSeen ??= begun;
        await delay(PAUSE_MS.after, undefined, { signal });
      }
      everywhere = begun;
      return true;
    };
    await waitUntil(`every client ${present ? 'sees' : 'no longer sees'} the effect`, settled, {
      timeoutMs,
      everyMs: PAUSE_MS.before,
      signal,
    }).catch((thrown: unknown) => {
      signal.throwIfAborted();
      throw new Error(`${messageOf(thrown)}; last seen otherwise: ${last}`, { cause: thrown });
    });
    if (firstSeen !== undefined && everywhere !== undefined) return { firstSeen, everywhere };
    throw new Error(`clients still see otherwise: ${last}`);
  }
}

async function ask(client: McpClient, effect: Effect): Promise<Look> {
  if ('serverName' in effect) {
    const name = client.serverName ?? 'no name';
    return { answered: true, holds: name === effect.serverName, seen: name };
  }
  if ('listed' in effect) {
    const names = (await client.listTools()).map((tool) => tool.name);
    const holds =
      effect.listed.every((name) => names.includes(name)) && !effect.unlisted.some((name) => names.includes(name));
    return { answered: true, holds, seen: names.join(', ') };
  }
  const { outcome, result, error } = await client.callTool(effect);
  return {
    answered: outcome === 'served' || outcome === 'wrong-payload',
    holds: outcome === 'served',
    seen: result ?? error ?? outcome,
  };
}
