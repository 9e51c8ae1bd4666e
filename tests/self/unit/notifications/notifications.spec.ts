import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { destinationsAt } from '../../../../helpers/notifications/destinations.ts';
import { incident, slackBegun, slackOver } from '../../../../helpers/notifications/messages.ts';
import { Notifier } from '../../../../helpers/notifications/notifier.ts';
import {
  judge,
  receiverPaths,
  slackMessage,
  startReceiver,
  ticket,
} from '../../../../helpers/notifications/receiver.ts';

const news = { model: 'iris', from: 'v1', to: 'v2', by: 'trigger', reason: 'error rate > 5 %: 0.33' };
const json = { method: 'POST', contentType: 'application/json' };

test.describe('Notifications', { tag: '@static' }, () => {
  test('should be sent in order and be taken as Slack and a tracker take them', async () => {
    const receiver = await startReceiver('127.0.0.1');
    try {
      const channel = '#ml-alerts';
      const notifier = new Notifier(destinationsAt(receiver, { communication: { channel, incidents: 'tracker' } }));
      notifier.begun(news);
      notifier.over(news, true);
      expect((await notifier.sent()).map(({ what, status }) => [what, status])).toEqual([
        ['slack begun', 200],
        ['incident', 201],
        ['slack over', 200],
        ['incident over', 201],
      ]);
      expect(receiver.received.map(({ kind, problems }) => [kind, problems])).toEqual([
        ['slack', []],
        ['ticket', []],
        ['slack', []],
        ['comment', []],
      ]);
      const [begun] = receiver.received;
      expect(begun?.body).toMatchObject({ channel });
      expect(JSON.stringify(begun?.body)).toContain(news.reason);
    } finally {
      receiver.close();
    }
  });

  test('should tell what was refused, and that nobody listens', async () => {
    const receiver = await startReceiver('127.0.0.1');
    const wrong = new Notifier(destinationsAt(receiver, { communication: { channel: 'no-channel', incidents: 'x' } }));
    wrong.begun(news);
    expect(await wrong.sent()).toMatchObject([{ status: 400, error: 'invalid_payload' }, { status: 201 }]);
    receiver.close();
    const nobody = new Notifier(destinationsAt(receiver, { communication: undefined }));
    nobody.begun(news);
    nobody.over(news, false);
    expect((await nobody.sent()).every(({ error }) => error !== undefined)).toBe(true);
  });

  for (const [what, asked] of Object.entries({
    'no text': { ...json, path: receiverPaths.slack, body: '{"channel":"#a"}' },
    'a form instead of JSON': { ...json, contentType: 'text/plain', path: receiverPaths.slack, body: '{"text":"a"}' },
    'no JSON': { ...json, path: receiverPaths.tickets, body: 'text=a' },
    'a GET': { ...json, method: 'GET', path: receiverPaths.slack, body: '{"text":"a"}' },
    'an issue without a type': {
      ...json,
      path: receiverPaths.tickets,
      body: '{"fields":{"project":{"key":"A"},"summary":"a","description":"b"}}',
    },
    'a summary of two lines': {
      ...json,
      path: receiverPaths.tickets,
      body: '{"fields":{"project":{"key":"A"},"summary":"a\\nb","description":"b","issuetype":{"name":"Incident"}}}',
    },
    'alerts of another version': { ...json, path: receiverPaths.alerts, body: '{"version":"3"}' },
    'an unknown path': { ...json, path: '/', body: '{}' },
  }))
    test(`should refuse ${what}`, () => {
      expect(judge(asked).problems).not.toEqual([]);
    });

  test('should be valid whatever is told', () => {
    const word = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(word, word, word, (reason, from, by) => {
        const told = { model: 'iris', to: 'v2', from, by, reason };
        expect(slackMessage.safeParse(slackBegun(told, '#a')).error).toBeUndefined();
        expect(slackMessage.safeParse(slackOver(told, '#a', false)).error).toBeUndefined();
        expect(ticket.safeParse(incident(told, 'TRIAL')).error).toBeUndefined();
      }),
    );
  });
});
