import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { incident, incidentOver, slackBegun, slackOver } from './messages.ts';
import type { RollbackNews } from './messages.ts';

/** Whoever is told has this long to take it, in ms: a chat that hangs must not keep a rollback waiting. */
const TAKEN_WITHIN_MS = 10_000;

/** Where news go to. */
export interface Destinations {
  /** An incoming webhook of Slack, or what understands it. */
  slack: string;
  /** Where issues are made, e.g. `https://tracker.example.com/rest/api/2/issue`. */
  tickets: string;
  channel: string;
  /** Key of the project in which incidents are kept. */
  project: string;
}

/** A message that was sent, and whether it was taken. */
export interface Sent {
  what: 'slack begun' | 'slack over' | 'incident' | 'incident over';
  status?: number;
  error?: string;
}

const issue = z.object({ key: z.string() });

/** Tells the team and the tracker of one rollback. A message that is not taken is no reason to stop: it is told by `sent`. */
export class Notifier {
  readonly #to: Destinations;
  readonly #sent: Sent[] = [];
  #pending: Promise<unknown> = Promise.resolve();
  #key: string | undefined;

  constructor(to: Destinations) {
    this.#to = to;
  }

  /** Returns at once: the rollback does not wait for it. */
  begun(news: RollbackNews): void {
    const { slack, tickets, channel, project } = this.#to;
    this.#next(async () => {
      await this.#post('slack begun', slack, slackBegun(news, channel));
      const answer = await this.#post('incident', tickets, incident(news, project));
      this.#key = issue.safeParse(parsed(answer)).data?.key;
    });
  }

  over(news: RollbackNews, succeeded: boolean): void {
    const { slack, tickets, channel } = this.#to;
    this.#next(async () => {
      await this.#post('slack over', slack, slackOver(news, channel, succeeded));
      if (this.#key === undefined) this.#sent.push({ what: 'incident over', error: 'there is no incident to add to' });
      else await this.#post('incident over', `${tickets}/${this.#key}/comment`, incidentOver(news, succeeded));
    });
  }

  /** All that was sent, in order, when everything has been. */
  async sent(): Promise<Sent[]> {
    await this.#pending;
    return this.#sent;
  }

  /** One after the other: nobody shall read that it is over before that it has begun. */
  #next(work: () => Promise<void>): void {
    this.#pending = this.#pending.then(work);
  }

  async #post(what: Sent['what'], url: string, content: unknown): Promise<string> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(content),
        signal: AbortSignal.timeout(TAKEN_WITHIN_MS),
      });
      const text = await response.text();
      this.#sent.push({ what, status: response.status, ...(response.ok ? {} : { error: text }) });
      return text;
    } catch (thrown) {
      this.#sent.push({ what, error: messageOf(thrown) });
      return '';
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
