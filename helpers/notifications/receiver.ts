import { z } from 'zod';
import { now } from '../history/history.ts';
import { listenOn } from './listen.ts';
import type { Answer, Asked } from './listen.ts';

/** Paths of the receiver. They look as those of the services that it speaks for. */
export const receiverPaths = {
  slack: '/services/T00000000/B00000000/trial',
  tickets: '/rest/api/2/issue',
  alerts: '/alerts',
} as const;

const key = 'TRIAL-1';

/** Slack's incoming webhook: text, or blocks or attachments that have one. */
export const slackMessage = z
  .object({
    channel: z
      .string()
      .regex(/^[#@].+/, 'must begin with # or @')
      .optional(),
    text: z.string().optional(),
    attachments: z
      .array(z.object({ fallback: z.string().optional(), text: z.string().optional(), title: z.string().optional() }))
      .max(100)
      .default([]),
    blocks: z
      .array(z.object({ type: z.string() }))
      .max(50)
      .default([]),
  })
  .refine(
    ({ text, attachments, blocks }) => (text ?? '') !== '' || attachments.length > 0 || blocks.length > 0,
    'no_text',
  );

/** An issue, as Jira's REST API v2 takes it. */
export const ticket = z.object({
  fields: z.object({
    project: z.union([z.object({ key: z.string().min(1) }), z.object({ id: z.string().min(1) })]),
    summary: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^\n\r]*$/, 'must be one line'),
    description: z.string().min(1),
    issuetype: z.object({ name: z.string().min(1) }),
    labels: z.array(z.string().regex(/^\S+$/, 'must have no spaces')).default([]),
  }),
});

/** A comment on an issue. */
const ticketComment = z.object({ body: z.string().min(1) });

/** What an Alertmanager sends to a webhook, version 4. */
export const alertMessage = z.object({
  version: z.literal('4'),
  status: z.enum(['firing', 'resolved']),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: z.record(z.string(), z.string()).refine(({ alertname }) => alertname !== undefined, 'has no alertname'),
        annotations: z.record(z.string(), z.string()),
      }),
    )
    .min(1),
});

/** A message as it came, and what is wrong with it. */
export interface Received {
  at: number;
  kind: 'slack' | 'ticket' | 'comment' | 'alerts' | 'unknown';
  body: unknown;
  /** Empty when the service would have taken it. */
  problems: string[];
}

export interface Receiver {
  url: string;
  received: readonly Received[];
  close: () => void;
}

/**
 * Takes messages at an address of this machine, as strictly as the services that they are meant for, and answers as those do: what Slack or an
 * incident tracker would refuse is refused.
 */
export async function startReceiver(address: string): Promise<Receiver> {
  const received: Received[] = [];
  const listener = await listenOn(address, (asked) => {
    const message = judge(asked);
    received.push(message);
    return answerTo(message);
  });
  return { url: listener.url, received, close: listener.close };
}

/** Pure, but for the time. */
export function judge({ method, path, contentType, body }: Asked): Received {
  const [kind, schema] = kindOf(path);
  const problems = [
    ...(method === 'POST' ? [] : [`the method is ${method}, not POST`]),
    ...(contentType.startsWith('application/json') ? [] : [`the content type is ${contentType}, not application/json`]),
    ...(schema === undefined ? [`nothing is taken at ${path}`] : []),
  ];
  const at = now();
  try {
    const content: unknown = JSON.parse(body);
    const { error } = schema?.safeParse(content) ?? {};
    const wrong = (error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    return { at, kind, body: content, problems: [...problems, ...wrong] };
  } catch {
    return { at, kind, body, problems: [...problems, 'the body is no JSON'] };
  }
}

function kindOf(path: string): [Received['kind'], z.ZodType?] {
  switch (path) {
    case receiverPaths.slack:
      return ['slack', slackMessage];
    case receiverPaths.tickets:
      return ['ticket', ticket];
    case `${receiverPaths.tickets}/${key}/comment`:
      return ['comment', ticketComment];
    case receiverPaths.alerts:
      return ['alerts', alertMessage];
    default:
      return ['unknown'];
  }
}

function answerTo({ kind, problems }: Received): Answer {
  const json = (status: number, content: unknown): Answer => ({
    status,
    contentType: 'application/json',
    body: JSON.stringify(content),
  });
  if (kind === 'unknown') return json(404, { errorMessages: problems });
  if (kind === 'slack') {
    const body =
      problems.length === 0 ? 'ok' : problems.some((one) => one.includes('no_text')) ? 'no_text' : 'invalid_payload';
    return { status: problems.length === 0 ? 200 : 400, contentType: 'text/plain', body };
  }
  if (problems.length > 0) return json(400, { errorMessages: problems });
  return kind === 'alerts' ? json(200, {}) : json(201, { id: '10000', key });
}
