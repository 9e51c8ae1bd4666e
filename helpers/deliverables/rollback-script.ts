import type { ModelDeclaration, Strategy } from '../target/model/schema.ts';
import { commandsOf, MANIFEST } from './commands.ts';

/**
 * `rollback-script.sh`: back to the stable version whatever the phase, for whoever has nothing but this one file. What it may have to apply
 * again is in it.
 * @param manifest content of the deployment manifest.
 */
export function rollbackScript(model: ModelDeclaration, strategy: Strategy, manifest: string): string {
  const { rollback } = commandsOf(model, strategy);
  const needsManifest = rollback.some((command) => command.includes(MANIFEST));
  return [
    '#!/usr/bin/env bash',
    `# Turns version ${model.versions.candidate.modelVersion} of the model ${model.name} back to ${model.versions.stable.modelVersion}, whatever the phase of its deployment.`,
    'set -euo pipefail',
    '',
    "readonly NAMESPACE=${1:?'usage: rollback-script.sh NAMESPACE'}",
    'k() { kubectl --namespace "$NAMESPACE" "$@"; }',
    '',
    ...(needsManifest
      ? [
          'folder=$(mktemp -d)',
          `trap 'rm -rf "$folder"' EXIT`,
          'cd "$folder"',
          `cat >${MANIFEST} <<'END_OF_MANIFEST'`,
          manifest.trimEnd(),
          'END_OF_MANIFEST',
          '',
        ]
      : []),
    ...rollback,
    `printf 'rolled back to ${model.versions.stable.modelVersion}\\n'`,
    '',
  ].join('\n');
}
