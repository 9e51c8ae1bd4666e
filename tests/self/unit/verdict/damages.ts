import { architectureDamages } from './architecture-damages.ts';
import { changeDamages } from './change-damages.ts';
import { gitopsDamages } from './gitops-damages.ts';
import { changed, failedStep, isFact, isStep, isToolCall, without, type Damages } from './histories.ts';
import { gitopsLiveDamages } from './gitops-live-damages.ts';
import { runbookDamages } from './runbook-damages.ts';
import { alertDamages } from './alert-damages.ts';
import { autoscalingDamages } from './autoscaling-damages.ts';
import { modelHealthDamages } from './model-health-damages.ts';
import { modelPlanDamages } from './model-plan-damages.ts';
import { deliverablesDamages, packageDamages } from './package-history.ts';
import { strategyDamages } from './strategy-damages.ts';
import { supportDamages } from './support-damages.ts';
import { upgradeDamages } from './upgrade-damages.ts';
import { workerDamages } from './worker-damages.ts';

/** For every check: what must turn it red, and what must blind it. The flawless histories must let it pass. */
export const damages: Readonly<Record<string, Damages>> = {
  ...changeDamages,
  ...architectureDamages,
  ...gitopsDamages,
  ...alertDamages,
  ...autoscalingDamages,
  ...modelHealthDamages,
  ...modelPlanDamages,
  ...supportDamages,
  ...runbookDamages,
  ...workerDamages,
  ...upgradeDamages,
  ...gitopsLiveDamages,
  ...strategyDamages,
  ...packageDamages(),
  ...deliverablesDamages(),
  'chart.resolves': { fail: failedStep('resolve.tools'), inconclusive: without(isStep('resolve.tools')) },
  'chart.lints-without-errors': {
    fail: changed(isStep('lint.gateway'), { ok: false, detail: { errors: 1, warnings: 0, messages: ['bad indent'] } }),
    inconclusive: without(isStep('lint.gateway')),
  },
  'chart.lints-without-warnings': {
    fail: changed(isStep('lint.gateway'), { detail: { errors: 0, warnings: 2, messages: ['no icon'] } }),
    inconclusive: changed(isStep('lint.gateway'), { detail: undefined }),
  },
  'chart.renders': {
    fail: changed(isStep('template.gateway.1.36'), { detail: { objects: 0 } }),
    inconclusive: without(isStep('template.gateway.1.36')),
  },
  'chart.has-schema': {
    fail: changed(isStep('schema.tools'), schema(false)),
    inconclusive: without(isStep('schema.tools')),
  },
  'chart.schema-matches-values': {
    fail: changed(isStep('schema.tools'), schema(true, ['image.tag'])),
    inconclusive: without(isFact('target.declared')),
  },
  'chart.schema-refuses-mistakes': {
    fail: failedStep('badvalue.gateway'),
    inconclusive: without(isStep('badvalue.gateway')),
  },
  'chart.readme-documents-values': {
    fail: changed(isStep('readme.gateway'), readme(['replicas'], ['image.tag'], [])),
    inconclusive: changed(isStep('readme.gateway'), readme([], [], [])),
  },
  'chart.readme-is-current': {
    fail: changed(isStep('readme.gateway'), readme(['replicas'], [], ['gone.value'])),
    inconclusive: without(isStep('readme.gateway')),
  },
  'chart.changes-reach-pods': {
    fail: changed(isStep('reach.gateway'), reach({ value: 'config.A', replaced: false })),
    inconclusive: changed(isStep('reach.gateway'), reach({ unknown: 'the schema refuses every other value' })),
  },
  'chart.describes-upgrade': undescribed('upgrade'),
  'chart.describes-rollback': undescribed('rollback'),
  'chart.describes-uninstall': undescribed('uninstall'),
  'chart.installs': { fail: failedStep('install.tools'), inconclusive: without(isStep('install.tools')) },
  'chart.uninstalls': { fail: failedStep('uninstall.tools'), inconclusive: without(isStep('uninstall.tools')) },
  'chart.tests-itself': {
    fail: changed(isStep('test.tools'), { detail: { phase: 'Succeeded', pods: [] } }),
    inconclusive: without(isStep('test.tools')),
  },
  'chart.noop-upgrade-changes-nothing': {
    fail: changed(isStep('noop.gateway'), noop(['a', 'b'], ['a', 'c'])),
    inconclusive: changed(isStep('noop.gateway'), noop([], [])),
  },
  'chart.revisions-are-clean': {
    fail: changed(isFact('history.gateway'), {
      value: [
        { revision: 1, status: 'superseded' },
        { revision: 2, status: 'failed' },
      ],
    }),
    inconclusive: without(isFact('history.gateway')),
  },
  'chart.leaves-nothing-behind': {
    fail: changed(isFact('leftovers'), { value: ['PersistentVolumeClaim/data-database-0'] }),
    inconclusive: failedStep('install.gateway'),
  },
  'chart.namespace-goes': {
    fail: changed(isFact('teardown.trouble'), {
      value: ['Namespace/seatrial-x7k2p is gone: still there: PersistentVolumeClaim/data'],
    }),
    inconclusive: without(isFact('teardown.trouble')),
  },
  'first-call.served-within-a-day': {
    fail: changed(isFact('total'), { value: { start: 0, end: 1_795_255_240_000 } }),
    inconclusive: changed(isToolCall, { outcome: 'timeout' }),
  },
  'first-call.served': {
    fail: changed(isToolCall, { outcome: 'rpc-error', error: 'Unknown tool' }),
    inconclusive: without(isToolCall),
  },
  'first-call.stays-served': {
    fail: changed((record) => record.type === 'call' && record.id === '7', { outcome: 'network-error' }),
    inconclusive: without((record) => record.type === 'call' && record.id !== '1'),
  },
  'first-call.every-step-done': { fail: failedStep('initialize'), inconclusive: without(isStep('install.tools')) },
  'first-call.tool-is-listed': {
    fail: changed(isStep('tools-list'), { detail: { tools: 0, found: false } }),
    inconclusive: without(isStep('tools-list')),
  },
  'first-call.namespace-was-clean': {
    fail: changed(isFact('namespace.clean'), { value: { objects: ['ConfigMap/left-over'] } }),
    inconclusive: without(isFact('namespace.clean')),
  },
  'first-call.pods-were-ready': {
    fail: without((record) => record.type === 'observation' && record.what === 'job.completed'),
    inconclusive: without((record) => record.type === 'observation'),
  },
  'first-call.deployed-by-helm-alone': {
    fail: (records) => [...records, { type: 'write', at: 0, verb: 'patch', object: 'Deployment/gateway' }],
    inconclusive: without((record) => record.type === 'write'),
  },
};

function schema(hasSchema: boolean, valuesWithoutSchema: string[] = []) {
  return { detail: { hasSchema, valuesWithoutSchema, schemaWithoutValues: [] } };
}

function readme(documented: string[], undocumented: string[], stale: string[]) {
  return { detail: { documented, undocumented, stale } };
}

function reach(found: object) {
  return { detail: { reaches: [{ map: 'gateway', workload: 'Deployment/gateway', how: 'environment', ...found }] } };
}

function noop(podsBefore: string[], podsAfter: string[]) {
  return { detail: { podsBefore, podsAfter, generationsChanged: [], manifestChanged: false } };
}

function undescribed(topic: string) {
  return {
    fail: changed(isFact(`docs.${topic}`), { value: { file: 'README.md', found: false } }),
    inconclusive: without(isFact(`docs.${topic}`)),
  };
}
