import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const REQUIREMENT = `demo==1.0.0 \\\n    --hash=sha256:${'a'.repeat(64)}\n`;

/** The smallest recipe that has every kind of layer. */
export const RECIPE = `version: 1.0.0
base: { suite: trixie, packages: [python3] }
python: { requirements: requirements.txt, target: /opt/app }
files: [{ from: app.py, to: /opt/app.py }]
user: '1000:1000'
`;

/** What a recipe says of a build. */
export const BUILD = `build: { requirements: requirements.txt, files: [app.py], run: [[python3, app.py]], output: /opt/made }
`;

/** A recipe in a new folder; `files` are added to it or replace its own. */
export function recipeFolder(files: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-recipe-'));
  const all = { 'image.yaml': RECIPE, 'requirements.txt': REQUIREMENT, 'app.py': 'print(1)\n', ...files };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
