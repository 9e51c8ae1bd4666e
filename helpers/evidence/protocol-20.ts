import { MONITORING_FILES, monitoringFiles } from '../monitoring/files.ts';
import type { RunVerdict, StandardVerdict } from '../verdict/types.ts';
import { manifestFiles } from './manifests.ts';
import { deploymentReport } from './report.ts';
import { rollbackHistory } from './rollback-history.ts';
import { servingFileNames, servingFiles } from './serving.ts';
import { executedFor, factOf, mainExecuted } from './sources.ts';
import type { Executed, Histories } from './sources.ts';
import { validationOf } from './validation.ts';
import type { Validation } from './validation.ts';

/** As the protocol names its package. */
const FOLDER = 'protocol-20-model-deployment';

/** The tree of the protocol, with what each file would come from. */
const tree: readonly (readonly [path: string, why: string])[] = [
  ['manifests/deployment.yaml', 'no manifests were applied by deploy.sh'],
  ['manifests/service.yaml', 'no manifests were applied by deploy.sh'],
  ['manifests/hpa.yaml', 'no autoscaler was applied by deploy.sh: none is declared, or its phase was not reached'],
  ['manifests/blue-green.yaml', 'deliverables.blue-green did not run'],
  ...Object.values(servingFileNames).map(
    (name) =>
      [`serving/${name}`, 'the model on trial is not served by that server, or nothing was read of it'] as const,
  ),
  ['monitoring/health-checks.yaml', 'no deliverables were executed'],
  ['monitoring/metrics-config.yaml', 'no Prometheus of this run has recorded its configuration'],
  ['monitoring/alert-rules.yaml', 'no Prometheus of this run has recorded its rules'],
  ['rollback/rollback-plan.md', 'no deliverables were executed'],
  ['rollback/rollback-script.sh', 'no deliverables were executed'],
  ['rollback/rollback-history.json', 'nothing was rolled back'],
];

/** The evidence package of Protocol 20, by path. Pure: what the histories do not have is named in the reports, never made up. */
export function protocolEvidence(
  verdict: StandardVerdict,
  run: Pick<RunVerdict, 'run' | 'complete'>,
  histories: Histories,
): Map<string, string> {
  const main = mainExecuted(histories);
  const rollbacks = rollbackHistory(histories);
  const files = new Map<string, string>([
    ...manifestFiles(main, executedFor(histories, 'blue_green')),
    ...servingFiles(main),
    ...delivered(main, 'health-checks.yaml', 'monitoring/health-checks.yaml'),
    ...monitoring(histories),
    ...delivered(main, 'rollback-plan.md', 'rollback/rollback-plan.md'),
    ...delivered(main, 'rollback-script.sh', 'rollback/rollback-script.sh'),
    ...(rollbacks.length === 0 ? [] : [['rollback/rollback-history.json', json(rollbacks)] as const]),
  ]);
  const absent: Validation['absent'] = tree.filter(([path]) => !files.has(path)).map(([path, why]) => ({ path, why }));
  files.set('reports/deployment_report.md', deploymentReport(verdict, run, histories, absent));
  files.set('reports/validation_results.json', json(validationOf(verdict, run, files, absent)));
  return new Map([...files].map(([path, content]) => [`${FOLDER}/${path}`, content]));
}

function delivered(main: Executed | undefined, name: string, path: string): [string, string][] {
  const file = main?.delivered.files.find((one) => one.name === name);
  return file === undefined ? [] : [[path, file.content]];
}

function monitoring(histories: Histories): [string, string][] {
  return [...histories.values()].flatMap((history) =>
    (factOf(history, MONITORING_FILES, monitoringFiles) ?? []).map(({ name, content }): [string, string] => [
      `monitoring/${name}`,
      content,
    ]),
  );
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
