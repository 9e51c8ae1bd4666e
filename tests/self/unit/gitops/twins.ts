import { flawlessTree, patched } from './tree.ts';
import type { Files } from './tree.ts';

/** A tree with one deliberate defect, and the check that it turns red. */
export interface Twin {
  what: string;
  check: string;
  tree: Files;
}

const twin = (check: string, what: string, tree: Files): Twin => ({ check, what, tree });

const add = (file: string, text: string, files: Files = flawlessTree) =>
  patched(file, files[file] ?? '', (files[file] ?? '') + text, files);

const clearSecret = (data: string) => `---
apiVersion: v1
kind: Secret
metadata: { name: extra, namespace: trial }
${data}
`;

const pod = (image: string, more = '') => `---
apiVersion: v1
kind: Pod
metadata: { name: check, namespace: trial }
spec: { containers: [{ name: check, image: "${image}"${more} }] }
`;

/** Put together from parts, so that no scanner takes it for a real one. */
const privateKey = ['-----BEGIN', 'PRIVATE', 'KEY-----'].join(' ');

export const twins: readonly Twin[] = [
  twin('gitops.tree-is-readable', 'a file that is no YAML', patched('release/budgets.yaml', 'spec: {', 'spec: {{')),
  twin(
    'gitops.tree-is-readable',
    'a resource that is not there',
    patched('release/kustomization.yaml', 'budgets', 'budget'),
  ),
  twin(
    'gitops.tree-is-readable',
    'a resource out of the tree',
    patched('release/kustomization.yaml', 'budgets.yaml', '../../budgets.yaml'),
  ),
  twin(
    'gitops.tree-is-readable',
    'an absolute path',
    patched('release/kustomization.yaml', 'budgets.yaml', '/budgets.yaml'),
  ),
  twin('gitops.tree-is-readable', 'a circle', {
    ...patched('release/kustomization.yaml', '  - budgets', '  - inner\n  - budgets'),
    'release/inner/kustomization.yaml': 'resources: [../inner2]',
    'release/inner2/kustomization.yaml': 'resources: [../inner]',
  }),
  twin(
    'gitops.tree-is-readable',
    'a Kustomization of a folder that is not there',
    patched('apps/flux.yaml', './release', './releases'),
  ),
  twin(
    'gitops.tree-is-readable',
    'an object that is there twice',
    add('release/budgets.yaml', `---\n${flawlessTree['release/budgets.yaml'] ?? ''}`),
  ),
  twin('gitops.tree-is-readable', 'aliases that multiply', patched('release/budgets.yaml', '', bomb())),
  twin('gitops.tree-is-readable', 'values that are no YAML', patched('release/values.yaml', 'image: {', 'image: {{')),
  twin('gitops.tree-is-readable', 'values in a folder of objects', {
    ...flawlessTree,
    'release/budgets.yaml': 'replicas: 2\n',
  }),
  twin(
    'gitops.describes-releases',
    'a release that Git does not describe',
    patched('release/tools.yaml', 'releaseName: tools', 'releaseName: tool'),
  ),
  twin('gitops.charts-are-pinned', 'a range of versions', patched('release/tools.yaml', '0.4.0', '0.4.x')),
  twin('gitops.charts-are-pinned', 'no version', patched('release/tools.yaml', 'version: 0.4.0, ', '')),
  twin('gitops.charts-are-pinned', 'the latest version', patched('release/tools.yaml', '0.4.0', '"*"')),
  twin(
    'gitops.sources-are-pinned',
    'a base on a branch',
    patched(
      'release/kustomization.yaml',
      '  - budgets',
      '  - https://git.example.com/base.git//budgets?ref=main\n  - budgets',
    ),
  ),
  twin(
    'gitops.sources-are-pinned',
    'a base without a ref',
    patched('release/kustomization.yaml', '  - budgets', '  - https://git.example.com/base.git//budgets\n  - budgets'),
  ),
  twin(
    'gitops.no-credentials',
    'a Secret in the clear',
    add('release/budgets.yaml', clearSecret('stringData: { password: hunter2hunter2 }')),
  ),
  twin(
    'gitops.no-credentials',
    'a Secret that is only encoded',
    add('release/budgets.yaml', clearSecret('data: { password: aHVudGVyMmh1bnRlcjI= }')),
  ),
  twin(
    'gitops.no-credentials',
    'a literal password in values',
    add('release/values.yaml', 'database: { password: hunter2hunter2 }\n'),
  ),
  twin('gitops.no-credentials', 'a short secret in values', add('release/values.yaml', 'workerSecret: dev\n')),
  twin('gitops.no-credentials', 'a key in values', add('release/values.yaml', 'apiKey: hunter2hunter2\n')),
  twin(
    'gitops.no-credentials',
    'a literal variable of a container',
    add('release/values.yaml', 'extraEnv: [{ name: API_TOKEN, value: hunter2hunter2 }]\n'),
  ),
  twin(
    'gitops.no-credentials',
    'an address with a password',
    add('release/values.yaml', 'database: "postgres://me:hunter2hunter2@db/x"\n'),
  ),
  twin('gitops.no-credentials', 'a private key', add('release/values.yaml', `tls: |\n  ${privateKey}\n`)),
  twin(
    'gitops.no-credentials',
    'an argument with a password',
    add('release/budgets.yaml', pod('check:1.0.0', ', args: ["--password=hunter2hunter2"]')),
  ),
  twin(
    'gitops.no-credentials',
    'a value for a variable of Flux',
    patched('apps/settings.yaml', 'HOST:', 'DB_PASSWORD: hunter2hunter2, HOST:'),
  ),
  twin(
    'gitops.no-credentials',
    'a generated Secret',
    add(
      'release/kustomization.yaml',
      'secretGenerator: [{ name: extra, namespace: trial, literals: [password=hunter2hunter2] }]\n',
    ),
  ),
  twin(
    'gitops.secrets-are-made',
    'a Secret that nothing makes',
    patched('release/values.yaml', 'gateway-secrets', 'gateway-secret'),
  ),
  twin('gitops.variables-have-values', 'a variable without value', patched('apps/settings.yaml', 'HOST:', 'HOSTNAME:')),
  twin(
    'gitops.variables-have-values',
    'variables that nothing fills in',
    patched(
      'release/tools.yaml',
      'pdb: {',
      'host: "${TOOLS_HOST}", pdb: {',
      patched('apps/flux.yaml', '  postBuild: { substituteFrom: [{ kind: ConfigMap, name: settings }] }\n', ''),
    ),
  ),
  twin(
    'gitops.is-ordered',
    'a release that does not wait for what it needs',
    patched('apps/flux.yaml', '  dependsOn: [{ name: platform }]\n', ''),
  ),
  twin('gitops.is-ordered', 'definitions that are not waited for', patched('apps/flux.yaml', '  wait: true\n', '')),
  twin(
    'gitops.is-ordered',
    'a namespace that nothing makes',
    patched('platform/namespace.yaml', 'name: trial', 'name: trail'),
  ),
  twin(
    'gitops.is-ordered',
    'a dependency that is not there',
    patched('release/gateway.yaml', 'name: tools', 'name: tool'),
  ),
  twin(
    'gitops.is-ordered',
    'releases that wait for each other',
    add('release/tools.yaml', '  dependsOn: [{ name: gateway }]\n'),
  ),
  twin(
    'gitops.is-ordered',
    'a Kustomization that waits for itself',
    patched('apps/flux.yaml', '  wait: true\n', '  wait: true\n  dependsOn: [{ name: release }]\n'),
  ),
  twin(
    'gitops.installs-remediate',
    'no retry of an installation',
    patched('release/gateway.yaml', 'install: { remediation: { retries: 3 } }', 'install: {}'),
  ),
  twin(
    'gitops.upgrades-remediate',
    'no retry of an upgrade',
    patched('release/gateway.yaml', 'upgrade: { remediation: { retries: 3 } }', 'upgrade: {}'),
  ),
  twin(
    'gitops.upgrades-remediate',
    'a last failure that stays',
    patched(
      'release/gateway.yaml',
      'upgrade: { remediation: { retries: 3 }',
      'upgrade: { remediation: { retries: 3, remediateLastFailure: false }',
    ),
  ),
  twin(
    'gitops.upgrades-remediate',
    'an uninstallation as remedy',
    patched(
      'release/gateway.yaml',
      'upgrade: { remediation: { retries: 3 }',
      'upgrade: { remediation: { retries: 3, strategy: uninstall }',
    ),
  ),
  twin(
    'gitops.upgrades-remediate',
    'retries without a rollback',
    patched(
      'release/gateway.yaml',
      'upgrade: { remediation: { retries: 3 }',
      'upgrade: { strategy: { name: RetryOnFailure }, remediation: { retries: 3 }',
    ),
  ),
  twin(
    'gitops.timeouts-are-long-enough',
    'a timeout that cuts off',
    patched('release/gateway.yaml', 'timeout: 10m', 'timeout: 1m'),
  ),
  twin(
    'gitops.git-decides',
    'a suspended release',
    patched('release/gateway.yaml', '  interval: 10m', '  suspend: true\n  interval: 10m'),
  ),
  twin(
    'gitops.git-decides',
    'a suspended Kustomization',
    patched('apps/flux.yaml', '  interval: 10m', '  suspend: true\n  interval: 10m'),
  ),
  twin(
    'gitops.git-decides',
    'a Kustomization that removes nothing',
    patched('apps/flux.yaml', 'prune: true', 'prune: false'),
  ),
  twin(
    'gitops.git-decides',
    'a release that is looked at once a day',
    patched('release/gateway.yaml', 'interval: 10m', 'interval: 24h'),
  ),
  twin(
    'gitops.drift-is-corrected',
    'no drift detection',
    patched('release/gateway.yaml', '  driftDetection: { mode: enabled }\n', ''),
  ),
  twin(
    'gitops.drift-is-corrected',
    'drift that is only told',
    patched('release/gateway.yaml', 'mode: enabled', 'mode: warn'),
  ),
  twin(
    'gitops.images-are-pinned',
    'the latest image in values',
    patched('release/values.yaml', 'tag: 1.2.3', 'tag: latest'),
  ),
  twin(
    'gitops.images-are-pinned',
    'a pod without a tag',
    add('release/budgets.yaml', pod('registry.example.com:5000/check')),
  ),
  twin('gitops.disruption-budgets', 'a component without a budget', arcadeWithout('app: coordinator')),
  twin(
    'gitops.secrets-reload',
    'a Secret that no pod is told of',
    patched('release/values.yaml', 'secret.reloader.stakater.com/auto', 'example.com/nothing'),
  ),
  twin(
    'gitops.secrets-reload',
    'a Secret that is not among the named ones',
    patched('release/values.yaml', "auto: 'true'", 'reload: other'),
  ),
  twin(
    'gitops.secrets-reload',
    'annotations that nobody heeds',
    patched('platform/releases.yaml', 'chart: reloader', 'chart: other'),
  ),
  twin(
    'gitops.configuration-is-in-git',
    'policies that Git does not have',
    patched('release/values.yaml', 'policies:', 'rules:'),
  ),
  twin(
    'gitops.no-credentials',
    'the well-known secret of a chart, which holds when no other is named',
    patched('release/values.yaml', 'workerDefaults: { existingSecret: gateway-secrets }\n', '', arcadeWithout('')),
  ),
  twin(
    'gitops.secrets-are-made',
    'a Secret under a name that the chart ignores',
    patched(
      'release/values.yaml',
      '\nexistingSecret:',
      '\nauth: { upstreamIdp: { existingSecret: gateway-secrets } }\nexistingSecret:',
      arcadeWithout(''),
    ),
  ),
];

/** The chart of Arcade is known to need a budget for each of five components. */
function arcadeWithout(labels: string): Files {
  const components = [
    'app: arcade-engine',
    'app: coordinator',
    'app: arcade-dashboard',
    'app.kubernetes.io/component: experience-api',
    'app: worker, worker-id: main',
  ];
  const budgets = components
    .filter((component) => component !== labels)
    .map(
      (component, index) =>
        `---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: arcade-${String(index)}, namespace: trial }\nspec: { minAvailable: 1, selector: { matchLabels: { ${component} } } }\n`,
    );
  const tree = patched('release/gateway.yaml', 'chart: gateway', 'chart: arcade');
  return add(
    'release/budgets.yaml',
    budgets.join(''),
    patched(
      'release/values.yaml',
      'existingSecret:',
      'workerDefaults: { existingSecret: gateway-secrets }\nexistingSecret:',
      tree,
    ),
  );
}

/** Nine to the ninth texts, if anybody followed the aliases. */
function bomb(): string {
  const letters = 'abcdefghi';
  const lines = letters.split('').map((letter, index) => {
    const inner = index === 0 ? 'x' : `*${letters.charAt(index - 1)}`;
    return `${letter}: &${letter} [${Array(9).fill(inner).join(', ')}]`;
  });
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: bomb }\n${lines.join('\n')}\n`;
}
