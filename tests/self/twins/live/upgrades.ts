import { ofFamily } from '../twin.ts';
import type { Twin } from '../twin.ts';

const experiment = 'upgrade.path';

/** The bundled gateway with a defect that shows when it goes from one version to the next and back. */
export const upgradeTwins: readonly Twin[] = [
  {
    name: 'migration-without-a-way-back',
    defect: 'the document does not say that the schema has to be taken back first, so the older version does not start',
    target: 'contextforge',
    experiment,
    patches: [{ file: 'docs/upgrade.md', from: /^```sh \{"tag":"before-rollback"\}\n[\s\S]*?^```\n/m, to: '' }],
    red: { [`${experiment}.back.done`]: /^fail: back\.gateway failed/ },
    mayTurnRed: {
      [`${experiment}.back.*`]: 'What is asked of a way back that did not end',
      [`${experiment}.again.*`]: 'The next upgrade starts from where the way back got stuck',
      [`${experiment}.rollback-restores`]: 'Nothing was restored',
      [`${experiment}.upgrade-repeats`]: 'The next upgrade starts from where the way back got stuck',
      [`${experiment}.history-is-clean`]: 'The failed revision stays in the history',
      [`${experiment}.verified`]: 'What did not get ready is not verified',
      [`${experiment}.backed-up`]: 'A database that is not ready is not backed up',
    },
  },
  {
    name: 'rollback-without-the-data',
    defect: 'the step before a rollback clears tables that the older version would have understood',
    target: 'contextforge',
    experiment,
    patches: [
      {
        file: 'docs/upgrade.md',
        from: /^.*alembic\.ini downgrade .*\n/m,
        to: [
          '$&kubectl --namespace "$NAMESPACE" exec gateway-postgres-0 -- psql --host=/tmp --username=mcp --dbname=mcp --command \\',
          '  "DELETE FROM email_team_member_history; DELETE FROM email_teams WHERE NOT is_personal"',
          '',
        ].join('\n'),
      },
    ],
    // Chart, pods and tools are as before: that something is missing shows only when it is looked for.
    red: ofFamily(experiment, {
      'back.data-kept': /^fail: .*a team/,
      'again.data-kept': /^fail: .*a team/,
    }),
  },
];
