import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from './run.ts';

/** What of `package-lock.json` says what is installed. */
interface LockFile {
  name: string;
  version: string;
  packages: Record<string, LockedPackage>;
}

interface LockedPackage {
  version?: string;
  integrity?: string;
  license?: string;
  dev?: boolean;
  optional?: boolean;
}

const SBOM = 'sbom.cdx.json';
const lockFile = join(import.meta.dirname, '../../package-lock.json');

/** Writes what the suite itself is made of into the folder of a run: who doubts a verdict can see what judged. */
export function recordSbom(run: Run): void {
  if (!existsSync(lockFile)) return;
  const sbom = sbomOf(JSON.parse(readFileSync(lockFile, 'utf8')) as LockFile);
  writeFileSync(join(run.folder, SBOM), `${JSON.stringify(sbom, undefined, 2)}\n`);
}

/**
 * The packages that a run needs, as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json). Pure: the same lock file gives the same text, which
 * is why it has neither a moment nor a serial number.
 */
export function sbomOf({ name, version, packages }: LockFile) {
  const needed = Object.entries(packages).filter(([path, { dev }]) => path !== '' && dev !== true);
  const components = needed.map(([path, locked]) => componentOf(nameIn(path), locked));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', name, version, purl: purlOf(name, version) } },
    // One that is there twice, for two that need it, is one component.
    components: [...new Map(components.map((component) => [component.purl, component])).values()],
  };
}

function componentOf(name: string, { version = '', integrity, license, optional }: LockedPackage) {
  const purl = purlOf(name, version);
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    ...(optional === true ? { scope: 'optional' } : {}),
    ...(integrity === undefined ? {} : { hashes: [hashOf(integrity)] }),
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
  };
}

/** `node_modules/a/node_modules/@b/c` → `@b/c`. */
function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

/** https://github.com/package-url/purl-spec */
function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** `sha512-…` in base64, as npm has it → as CycloneDX has it. */
function hashOf(integrity: string): { alg: string; content: string } {
  const [algorithm = '', base64 = ''] = integrity.split('-', 2);
  return {
    alg: algorithm.toUpperCase().replace('SHA', 'SHA-'),
    content: Buffer.from(base64, 'base64').toString('hex'),
  };
}
