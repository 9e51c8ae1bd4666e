import type { Twin } from '../twin.ts';

const experiment = 'chart.static';
const target = 'contextforge';
const release = 'custom-server';
const chart = 'charts/custom-server';

/** Charts of the bundled gateway with one defect each, found by the real helm. */
export const chartTwins: readonly Twin[] = [
  {
    name: 'unreadable-chart',
    defect: 'Chart.yaml names no version, so nobody takes the folder for a chart',
    target,
    release,
    experiment,
    patches: [{ file: `${chart}/Chart.yaml`, from: /^version: .*\n/m, to: '' }],
    // What does not resolve can be asked nothing else.
    red: {
      'chart.resolves': /^fail: resolve\.custom-server failed/,
      ...Object.fromEntries(
        [
          'lints-without-errors',
          'lints-without-warnings',
          'renders',
          'has-schema',
          'schema-matches-values',
          'schema-refuses-mistakes',
          'readme-documents-values',
          'readme-is-current',
          'changes-reach-pods',
        ].map((check) => [`chart.${check}`, /^inconclusive: .*was not recorded/]),
      ),
    },
  },
  {
    name: 'undeclared-subchart',
    defect: 'charts/ holds a chart that Chart.yaml does not name: nobody updates it, and lint refuses it',
    target,
    release,
    experiment,
    patches: [
      { file: `${chart}/charts/extra/Chart.yaml`, text: 'apiVersion: v2\nname: extra\nversion: 1.0.0\n' },
      { file: `${chart}/charts/extra/values.yaml`, text: '{}\n' },
      // Its values are described as they should be.
      { file: `${chart}/values.yaml`, from: /$/, to: 'extra: {}\n' },
      {
        file: `${chart}/values.schema.json`,
        from: '"properties": {\n',
        to: '"properties": {\n    "extra": { "type": "object" },\n',
      },
      {
        file: `${chart}/README.md`,
        from: /^\| `replicaCount`/m,
        to: '| `extra` | `{}` | Values of the chart extra. |\n$&',
      },
    ],
    red: { 'chart.lints-without-errors': /^fail: 1 errors in custom-server .*missing.*extra/ },
  },
  {
    name: 'deprecated-interface',
    defect: 'the disruption budget uses an interface that Kubernetes has given up',
    target,
    release,
    experiment,
    patches: [
      {
        file: `${chart}/templates/poddisruptionbudget.yaml`,
        from: 'apiVersion: policy/v1\n',
        to: 'apiVersion: policy/v1beta1\n',
      },
    ],
    red: { 'chart.lints-without-warnings': /^fail: .*warnings in custom-server .*policy\/v1beta1/ },
  },
  {
    name: 'too-new-for-the-cluster',
    defect: 'the chart asks for a newer Kubernetes than the target says that it runs on',
    target,
    release,
    experiment,
    patches: [{ file: `${chart}/Chart.yaml`, from: /kubeVersion: .*/, to: "kubeVersion: '>=1.35.0-0'" }],
    red: {
      'chart.renders': /^fail: template\.custom-server\.1\.33 failed[\s\S]*template\.custom-server\.1\.34 failed/,
    },
  },
  {
    name: 'no-schema',
    defect: 'values.schema.json is not there, so every mistake in values is taken',
    target,
    release,
    experiment,
    patches: [{ file: `${chart}/values.schema.json`, gone: true }],
    // A schema that is not there can neither match nor refuse.
    red: {
      'chart.has-schema': /^fail: custom-server has no values\.schema\.json/,
      'chart.schema-matches-values': /^fail: custom-server has no values\.schema\.json/,
      'chart.schema-refuses-mistakes': /^fail: badvalue\.custom-server failed/,
    },
  },
  {
    name: 'schema-of-another-version',
    defect: 'the schema describes a value that the chart no longer has',
    target,
    release,
    experiment,
    patches: [
      {
        file: `${chart}/values.schema.json`,
        from: '"properties": {\n',
        to: '"properties": {\n    "maxSessions": { "type": "integer" },\n',
      },
    ],
    red: { 'chart.schema-matches-values': /^fail: 1 values of custom-server in only one of the two: maxSessions/ },
  },
  {
    name: 'schema-takes-anything',
    defect: 'the schema lets names pass that no template reads',
    target,
    release,
    experiment,
    patches: [
      {
        file: `${chart}/values.schema.json`,
        from: '"additionalProperties": false',
        to: '"additionalProperties": true',
      },
    ],
    red: { 'chart.schema-refuses-mistakes': /^fail: .*the schema accepts the unknown key/ },
  },
  {
    name: 'undocumented-value',
    defect: 'the README leaves out a value',
    target,
    release,
    experiment,
    patches: [{ file: `${chart}/README.md`, from: /^\| `preStopSeconds`.*\n/m, to: '' }],
    red: { 'chart.readme-documents-values': /^fail: 1 undocumented values of custom-server: preStopSeconds/ },
  },
  {
    name: 'documented-ghost',
    defect: 'the README documents a value that the chart does not have',
    target,
    release,
    experiment,
    patches: [
      {
        file: `${chart}/README.md`,
        from: /^\| `preStopSeconds`/m,
        to: '| `maxSessions` | `10` | Most sessions. |\n$&',
      },
    ],
    red: { 'chart.readme-is-current': /^fail: 1 stale entries for custom-server: maxSessions/ },
  },
  {
    name: 'no-word-on-upgrades',
    defect: 'the document on upgrades has no section on them any more',
    target,
    release,
    experiment,
    patches: [
      { file: 'docs/upgrade.md', from: '# Upgrade and rollback\n', to: '# Operation\n' },
      { file: 'docs/upgrade.md', from: '## Upgrade\n', to: '## New versions\n' },
      { file: 'docs/upgrade.md', from: '## If an upgrade fails\n', to: '## If it fails\n' },
    ],
    red: { 'chart.describes-upgrade': /^fail: not found in docs\/upgrade\.md/ },
  },
  {
    name: 'no-word-on-rollbacks',
    defect: 'nothing says how to go back',
    target,
    release,
    experiment,
    patches: [
      { file: 'docs/upgrade.md', from: '# Upgrade and rollback\n', to: '# Upgrade\n' },
      { file: 'docs/upgrade.md', from: /^## Rollback\n[\s\S]*/m, to: '' },
    ],
    red: { 'chart.describes-rollback': /^fail: not found in docs\/upgrade\.md/ },
  },
  {
    name: 'no-word-on-uninstalling',
    defect: 'the document on uninstalling is a heading and no more',
    target,
    release,
    experiment,
    patches: [{ file: 'docs/uninstall.md', from: /^(# Uninstall\n)[\s\S]*/, to: '$1\nTo be written.\n' }],
    red: { 'chart.describes-uninstall': /^fail: not found in docs\/uninstall\.md/ },
  },
  {
    name: 'changes-that-reach-nobody',
    defect: 'pods take their environment from a ConfigMap, and nothing replaces them when it changes',
    target,
    release,
    experiment,
    patches: [{ file: `${chart}/templates/deployment.yaml`, from: /^ *checksum\/config: .*\n/m, to: '' }],
    red: {
      'chart.changes-reach-pods':
        /^fail: Deployment\/custom-server reads ConfigMap\/custom-server at its start .environment., and stays/,
    },
  },
  {
    name: 'file-that-is-never-updated',
    defect: 'one file of a ConfigMap is mounted by subPath, so a server that looks for changes never sees one',
    target: 'magg',
    release: 'magg',
    experiment,
    patches: [
      {
        file: 'charts/magg/templates/deployment.yaml',
        from: '{ name: configuration, mountPath: /etc/magg, readOnly: true }',
        to: '{ name: configuration, mountPath: /etc/magg/config.json, subPath: config.json, readOnly: true }',
      },
    ],
    red: { 'chart.changes-reach-pods': /^fail: Deployment\/magg reads ConfigMap\/magg-configuration .*subPath.*stays/ },
  },
];
