import type { Twin } from '../twin.ts';

const target = 'contextforge';
const document = 'docs/upgrade.md';

function onDocument(
  name: string,
  defect: string,
  patches: [from: string | RegExp, to: string][],
  red: Twin['red'],
): Twin {
  const file = document;
  return {
    name,
    defect,
    target,
    experiment: 'upgrade.documents',
    patches: patches.map(([from, to]) => ({ file, from, to })),
    red,
  };
}

function onRunbooks(name: string, defect: string, patches: Twin['patches'], red: Twin['red']): Twin {
  return { name, defect, target, experiment: 'runbooks.static', patches, red };
}

const topic = (name: string): string => `upgrade.document.${name}`;

/** The bundled documents on upgrade and rollback, and the runbooks, with one defect each. */
export const documentTwins: readonly Twin[] = [
  onDocument(
    'upgrade-without-order',
    'the steps of the upgrade leave out the tool server, and say nothing of an order',
    [
      [/^In this order: .*\n/m, ''],
      [/^helm upgrade custom-server .*\n.*--timeout 5m\n/m, ''],
    ],
    { [topic('order')]: /^fail: not found: in which order/ },
  ),
  onDocument(
    'upgrade-without-backup',
    'the backup is spoken of, and no command makes one',
    [[/^```sh \{"tag":"backup"\}\n[\s\S]*?^```\n/m, 'Ask the administrator of the database for one.\n']],
    { [topic('backup')]: /^fail: not found: a backup with its command.*no command/ },
  ),
  onDocument(
    'rollback-without-command',
    'the section on rolling back has no command for it',
    [
      [/^helm rollback .*\n/gm, ''],
      [/`helm rollback`/g, 'it'],
    ],
    { [topic('rollback')]: /^fail: not found: a section on rolling back/ },
  ),
  onDocument(
    'upgrade-that-nobody-verifies',
    'nothing shows whether an upgrade has worked',
    [
      [/^Then verify:\n\n```sh[\s\S]*?^```\n/m, ''],
      [/^Verify as .*|Verify as after an upgrade\./gm, ''],
      [/helm history/g, 'the history of helm'],
    ],
    { [topic('verification')]: /^fail: not found: how to see that the upgrade worked/ },
  ),
  onDocument(
    'command-that-bash-cannot-read',
    'a quotation mark is missing in a command of the upgrade',
    [[/^helm test custom-server --namespace "\$NAMESPACE"$/m, 'helm test custom-server --namespace "$NAMESPACE']],
    { [topic('commands-parse')]: /^fail: docs\/upgrade\.md:\d+: .*(unexpected EOF|matching)/ },
  ),
  onDocument(
    'release-of-another-name',
    'a command of the upgrade names a release that the target does not have',
    [[/^helm test gateway --namespace/m, 'helm test gatway --namespace']],
    { [topic('names-exist')]: /^fail: unknown: release gatway/ },
  ),
  onRunbooks(
    'failure-without-runbook',
    'no runbook says what to do when the database is down',
    [{ file: 'docs/runbooks/database-down.md', gone: true }],
    // One that is not there says nothing either.
    {
      'runbooks.database-down.found': /^fail: no runbook says what to do when the database is down/,
      'runbooks.database-down.complete': /^fail: no runbook says/,
    },
  ),
  onRunbooks(
    'runbook-without-escalation',
    'a runbook does not say whom to call when it does not help',
    [{ file: 'docs/runbooks/node-drained.md', from: /^## Escalation\n[\s\S]*/m, to: '' }],
    { 'runbooks.node-drained.complete': /^fail: node-drained\.md says nothing about escalation/ },
  ),
  onRunbooks(
    'runbook-with-an-unreadable-block',
    'the attributes of a block cannot be read, so nobody ever runs it',
    [{ file: 'docs/runbooks/node-drained.md', from: '{"tag":"verify"}', to: '{"tag":"verify"' }],
    { 'runbooks.are-there': /^fail: node-drained\.md:\d+: the attributes .* cannot be read/ },
  ),
];
