import { upgrade, upgradeDocuments as document } from '../../../helpers/verdict/checks/index.ts';
import type { Check, Levels } from '../../../helpers/verdict/types.ts';

const { toCurrent, back, again, journey, badImage, failingMigration, neverReady } = upgrade;

/**
 * Criterion 4, "Upgrade and rollback process is documented and tested": the scorecard anchors 1 (manual deployment only), 3 (works with
 * gaps) and 5 (Helm-native, zero-downtime). A document that nobody tried, and a way that nobody wrote down, are both half of the words.
 */
export const upgradeAndRollback: Levels = {
  1: {
    title: 'Somebody wrote down how to upgrade',
    reason: 'The anchor for 1 is manual deployment only: without a word on upgrades each of them is an invention.',
    checks: [document.order],
  },
  2: {
    title: 'The way to the present version is written down and works; the way back does not',
    reason: 'Better than the anchor for 1, since an upgrade arrives; short of the criterion, which asks for both ways.',
    checks: [journey.versionsDiffer, toCurrent.done, toCurrent.oldPodsGone, toCurrent.dataKept, document.rollback],
  },
  3: {
    title: 'Upgrade and rollback arrive and keep the data, with gaps',
    reason:
      'The anchor for 3, "works with gaps": both ways were tried and what was there is there; what clients noticed is looked at above.',
    checks: [
      back.done,
      back.oldPodsGone,
      back.dataKept,
      journey.rollbackRestores,
      again.done,
      again.oldPodsGone,
      again.dataKept,
      document.backup,
      document.verification,
      document.commandsParse,
    ],
  },
  4: {
    title: 'The document says all that an operator needs, and clients notice nothing of the way that it describes',
    reason:
      'Both words of the criterion in full: documented, and tested under the traffic that a production system has.',
    checks: [
      document.migration,
      document.rollbackLimits,
      document.compatibility,
      document.downtime,
      document.namesExist,
      journey.backedUp,
      journey.verified,
      ...[toCurrent, back, again].flatMap(unnoticed),
    ],
  },
  5: {
    title: 'Zero-downtime also where upgrades fail: what does not work is taken back without clients noticing',
    reason:
      'The anchor for 5, "Helm-native, zero-downtime": revisions that tell what happened, and failures that stay on the operator’s side.',
    checks: [
      journey.historyIsClean,
      journey.upgradeRepeats,
      ...[badImage, failingMigration, neverReady].flatMap((group) => [
        group.told,
        group.takenBack,
        group.podsUntouched,
        group.nothingLeftBehind,
        ...unnoticed(group),
      ]),
    ],
  },
};

type Watched = Pick<
  typeof toCurrent,
  'observerSaw' | 'callsInFlight' | 'newConnections' | 'keptConnections' | 'sessionCalls' | 'sessionsKept' | 'noStall'
>;

function unnoticed(group: Watched): Check[] {
  return [
    group.observerSaw,
    group.callsInFlight,
    group.newConnections,
    group.keptConnections,
    group.sessionCalls,
    group.sessionsKept,
    group.noStall,
  ];
}
