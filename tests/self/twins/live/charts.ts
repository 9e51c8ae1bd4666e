import type { Twin } from '../twin.ts';

function onChart(name: string, defect: string, patch: Twin['patches'][number], check: string, seen: RegExp): Twin {
  const red = { [`chart.${check}`]: seen };
  return { name, defect, target: 'contextforge', experiment: 'chart.lifecycle', patches: [patch], red };
}

const server = 'charts/custom-server/templates';

/** The bundled charts with one defect each that shows when they go in and come out again. */
export const chartLifeTwins: readonly Twin[] = [
  onChart(
    'volume-that-stays',
    'uninstalling leaves the volume of the database behind',
    { file: 'values/gateway.yaml', from: 'whenDeleted: Delete', to: 'whenDeleted: Retain' },
    'leaves-nothing-behind',
    /^fail: .*PersistentVolumeClaim\/data-gateway-postgres-0/,
  ),
  onChart(
    'random-annotation',
    'every rendering has another annotation, so an upgrade that changes nothing replaces all pods',
    {
      file: `${server}/deployment.yaml`,
      from: /^( *)checksum\/config: .*\n/m,
      to: '$&$1rendered: {{ randAlphaNum 8 | quote }}\n',
    },
    'noop-upgrade-changes-nothing',
    /^fail: .*custom-server/,
  ),
  onChart(
    'untested-chart',
    'the chart has no test, so helm test says that all is well',
    { file: `${server}/tests`, gone: true },
    'tests-itself',
    /^fail: .*custom-server/,
  ),
];
