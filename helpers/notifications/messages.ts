import type { z } from 'zod';
import type { slackMessage, ticket } from './receiver.ts';

/** What is told of a rollback. */
export interface RollbackNews {
  model: string;
  /** Model versions. */
  from: string;
  to: string;
  /** What turned it back. */
  by: string;
  reason: string;
}

/** Labels have no spaces. */
const LABELS = ['rollback', 'model-serving'];

/** For Slack's incoming webhook, when a rollback begins. Pure. */
export function slackBegun({ model, from, to, reason }: RollbackNews, channel: string): z.input<typeof slackMessage> {
  return { channel, text: `:rewind: ${model}: ${to} is being rolled back to ${from}. Reason: ${reason}` };
}

/** And when it is over. Pure. */
export function slackOver(
  { model, from, to }: RollbackNews,
  channel: string,
  succeeded: boolean,
): z.input<typeof slackMessage> {
  const text = succeeded
    ? `:white_check_mark: ${model}: the rollback is over, ${from} serves again.`
    : `:rotating_light: ${model}: the rollback from ${to} to ${from} failed. Somebody has to look.`;
  return { channel, text };
}

/** The incident, for a tracker that takes issues as Jira does. Pure. @param project key of the project. */
export function incident({ model, from, to, by, reason }: RollbackNews, project: string): z.input<typeof ticket> {
  const oneLine = `${model}: ${to} rolled back to ${from}`.replaceAll(/\s+/g, ' ').slice(0, 255);
  return {
    fields: {
      project: { key: project },
      summary: oneLine,
      description: `Version ${to} of ${model} was turned back by ${by}.\n\nReason: ${reason}`,
      issuetype: { name: 'Incident' },
      labels: [...LABELS, model],
    },
  };
}

/** What is added to the incident in the end. Pure. */
export function incidentOver({ from }: RollbackNews, succeeded: boolean): { body: string } {
  return { body: succeeded ? `The rollback is over, ${from} serves again.` : 'The rollback failed.' };
}
