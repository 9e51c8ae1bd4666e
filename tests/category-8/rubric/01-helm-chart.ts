import { chartLifecycle, chartStatic, worker } from '../../../helpers/verdict/checks/index.ts';
import type { Levels } from '../../../helpers/verdict/types.ts';

/**
 * Criterion 1, "Helm chart available and documented": the scorecard anchors 1 (no Helm chart, manual deployment only),
 * 3 (Helm chart works with gaps) and 5 (Helm-native); 2 and 4 are the halfway houses between them.
 */
export const helmChart: Levels = {
  1: {
    title: 'There is a Helm chart, but it cannot be relied on to render',
    reason: 'The anchor for 1 is "No Helm chart": a chart that is there and does not render gets nobody further.',
    checks: [chartStatic.resolves],
  },
  2: {
    title: 'The chart renders, but was not seen to work',
    reason:
      'Better than the anchor for 1, since there is a chart to start from; short of the anchor for 3, "Helm chart works".',
    checks: [chartStatic.lintsWithoutErrors, chartStatic.renders],
  },
  3: {
    title: 'The chart works, with gaps',
    reason:
      'The anchor for 3, "Helm chart works with gaps": it goes in and comes out again; what it lacks is looked at above.',
    checks: [
      chartLifecycle.installs,
      chartLifecycle.uninstalls,
      // Where the server that the chart deploys speaks a protocol of its own with its gateway.
      worker.answersHealth,
      worker.listsTools,
      worker.invokesTools,
    ],
  },
  4: {
    title: 'The chart is documented and guards against mistakes',
    reason:
      'The other half of the criterion, "documented": whoever deploys needs neither the templates nor the vendor.',
    checks: [
      chartStatic.readmeDocumentsValues,
      chartStatic.hasSchema,
      chartStatic.schemaRefusesMistakes,
      chartStatic.lintsWithoutWarnings,
      chartLifecycle.testsItself,
      worker.refusesStrangers,
      worker.carriesErrors,
    ],
  },
  5: {
    title: 'Helm-native: the whole life of the deployment is described and goes through Helm without residue',
    reason:
      'The anchor for 5, "Helm-native": repeatable as GitOps needs it, complete, and nothing that is documented is wrong.',
    checks: [
      chartStatic.schemaMatchesValues,
      chartStatic.readmeIsCurrent,
      chartStatic.describesUpgrade,
      chartStatic.describesRollback,
      chartStatic.describesUninstall,
      chartStatic.changesReachPods,
      chartLifecycle.noopUpgradeChangesNothing,
      chartLifecycle.revisionsAreClean,
      chartLifecycle.leavesNothingBehind,
      worker.staysCorrectWhileRolling,
      chartLifecycle.namespaceGoes,
    ],
  },
};
