import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { namesIn } from '../../../../helpers/experiments/upgrade/document/names.ts';
import { readUpgradeDocument } from '../../../../helpers/experiments/upgrade/document/read.ts';
import { findTopics, upgradeTopics } from '../../../../helpers/experiments/upgrade/document/topics.ts';
import type { UpgradeTopic } from '../../../../helpers/experiments/upgrade/document/topics.ts';

const bundled = join(import.meta.dirname, '../../../../fixtures/targets/contextforge/docs/upgrade.md');
const releases = ['server', 'gateway'];

/** What the vendor of a small gateway would write: each topic in a section of its own. */
const sections: Record<UpgradeTopic | 'commands', string> = {
  compatibility: '## Versions\n\n| to | from |\n|---|---|\n| 2.1.0 | 2.0.x |',
  backup: '## Before\n\nTake a backup:\n\n```sh\npg_dump --format=custom mcp > gateway.dump\n```',
  commands: '## Commands\n\n```sh\nhelm upgrade server charts/server\nhelm upgrade gateway charts/gateway\n```',
  order: '## Upgrade\n\nFirst the server, then the gateway.',
  migration: '## Schema\n\nThe new replica migrates the database while it starts.',
  verification: '## Verify\n\n```sh\nhelm test gateway\n```',
  downtime: '## Clients\n\nThere is no downtime.',
  rollback: '## Rollback\n\n```sh\nhelm rollback gateway\n```',
  'rollback-limits': '## Limits\n\n- What was written since is lost.',
};

function topicsMissing(markdown: string): string[] {
  const topics = findTopics([readUpgradeDocument('upgrade.md', markdown)], releases);
  return upgradeTopics.filter((topic) => !topics[topic].found);
}

test.describe('A document on upgrades', { tag: '@static' }, () => {
  const whole = ['# Upgrade and rollback', ...Object.values(sections)];

  test('should be found complete, with the line of each topic', () => {
    const markdown = whole.join('\n\n');
    const topics = findTopics([readUpgradeDocument('upgrade.md', markdown)], releases);
    expect(Object.values(topics).filter(({ found }) => !found)).toEqual([]);
    const lines = markdown.split('\n');
    const lineOf = (text: string) => lines.findIndex((line) => line.includes(text)) + 1;
    expect(topics.order.where).toEqual([`upgrade.md:${String(lineOf('First the server'))}, section "Upgrade"`]);
    expect(topics.backup.where).toEqual([`upgrade.md:${String(lineOf('pg_dump') - 1)}, section "Before"`]);
    expect(topics.compatibility.where).toEqual([`upgrade.md:${String(lineOf('| 2.1.0'))}, section "Versions"`]);
  });

  for (const topic of upgradeTopics) {
    test(`should lack ${topic} alone when the section on it is taken out`, () => {
      const rest = whole.filter((section) => section !== sections[topic]);
      expect(topicsMissing(rest.join('\n\n'))).toEqual([topic]);
    });
  }

  test('should name every release that changes in a command, where there are several', () => {
    const markdown = whole.join('\n\n').replace('helm upgrade server charts/server\n', '');
    const { order } = findTopics([readUpgradeDocument('upgrade.md', markdown)], releases);
    expect(order).toMatchObject({ found: false, missing: 'no command upgrades server' });
    expect(findTopics([readUpgradeDocument('upgrade.md', markdown)], ['gateway']).order.found).toBe(true);
  });

  test('should not count a backup that comes after the upgrade', () => {
    const { backup, ...others } = sections;
    const { backup: found } = findTopics(
      [readUpgradeDocument('upgrade.md', ['# Upgrade', ...Object.values(others), backup].join('\n\n'))],
      releases,
    );
    expect(found).toMatchObject({ found: false, missing: 'it stands after the upgrade' });
  });

  test('should not be satisfied by a title that only names what is missing', () => {
    expect(topicsMissing('# Upgrade and rollback\n\n## Introduction\n\nAsk the vendor.')).toEqual([...upgradeTopics]);
  });

  test('should be found nowhere in no document at all, nor in any text without such words', () => {
    expect(Object.values(findTopics([], releases)).some(({ found }) => found)).toBe(false);
    fc.assert(
      fc.property(fc.stringMatching(/^[xyz #*|`\n0-9-]*$/), (text) => {
        expect(topicsMissing(text)).toEqual([...upgradeTopics]);
      }),
    );
  });

  test('should be complete where the bundled target is concerned', () => {
    const { file, passages } = readUpgradeDocument('upgrade.md', readFileSync(bundled, 'utf8'));
    const topics = findTopics([{ file, passages, blocks: [] }], ['custom-server', 'gateway']);
    expect(Object.values(topics).filter(({ found }) => !found)).toEqual([]);
  });
});

test.describe('The shell blocks of a document', { tag: '@static' }, () => {
  const read = (markdown: string) => readUpgradeDocument('upgrade.md', markdown);

  test('should be told with their lines and tags, in lists too, and no other code', () => {
    const markdown = [
      '```yaml',
      'a: 1',
      '```',
      '',
      '1. Back up:',
      '',
      '   ```sh {"tag":"backup"}',
      '   pg_dump mcp',
      '   ```',
      '',
      '2. Then',
      '',
      '```bash { name=test tag=verify,slow }',
      'helm test gateway',
      '```',
    ].join('\n');
    expect(read(markdown).blocks).toEqual([
      { file: 'upgrade.md', line: 7, script: 'pg_dump mcp', tags: ['backup'] },
      { file: 'upgrade.md', line: 13, script: 'helm test gateway', tags: ['verify', 'slow'] },
    ]);
  });

  test('should name what the target has', () => {
    const script = [
      'helm upgrade gateway charts/gateway --namespace "$NAMESPACE" --values my.yaml',
      'helm rollback --namespace mcp gatway 3 && helm test $RELEASE',
      'kubectl --namespace mcp rollout status deployment/gateway --timeout=2m',
      'kubectl -n other exec gateway-postgres-0 -- helm status nothing',
      'kubectl get secret \\',
      '  signing',
    ].join('\n');
    const known = { releases: ['gateway'], objects: ['Deployment/gateway', 'StatefulSet/gateway-postgres'] };
    const names = namesIn(read(`\`\`\`sh\n${script}\n\`\`\``), known);
    expect(names.filter((name) => name.known).map(({ name }) => name)).toEqual([
      'release gateway',
      'namespace mcp',
      'Deployment/gateway',
      'namespace mcp',
      'Pod/gateway-postgres-0',
    ]);
    expect(names.filter((name) => !name.known)).toEqual([
      { where: 'upgrade.md:3', name: 'release gatway', known: false },
      { where: 'upgrade.md:5', name: 'namespace other', known: false },
      { where: 'upgrade.md:6', name: 'Secret/signing', known: false },
    ]);
  });
});
