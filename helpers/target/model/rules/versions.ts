import type { Path } from '../../../config/document.ts';
import { didYouMean } from '../../../config/suggest.ts';
import type { Inconsistency } from '../../consistency.ts';
import { isReference } from '../images.ts';
import type { ModelDeclaration } from '../schema.ts';
import type { ModelVersion } from '../versions.ts';

/** Names of variables that hold what nobody else may know. */
const SECRET_NAME = /(^|_)(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIALS?|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)(_|$)/i;

/** Whether versions can be told apart, their images be found, and their environment be given without a secret in clear. */
export function versionRules(model: ModelDeclaration): Inconsistency[] {
  const all = allVersions(model);
  return [
    ...all.flatMap(({ version, path }) => imageOf(model, version, path)),
    ...all.flatMap(({ version, path }) => environmentOf(model, version.env, [...path, 'env'])),
    ...environmentOf(model, model.env, ['env']),
    ...indistinct(model),
  ];
}

function allVersions({
  versions: { stable, candidate, bad, borderline },
}: ModelDeclaration): { version: ModelVersion; path: Path }[] {
  return [
    { version: stable, path: ['versions', 'stable'] },
    { version: candidate, path: ['versions', 'candidate'] },
    ...Object.entries(bad).map(([defect, version]) => ({ version, path: ['versions', 'bad', defect] })),
    ...(borderline === undefined ? [] : [{ version: borderline, path: ['versions', 'borderline'] }]),
  ];
}

function imageOf({ images }: ModelDeclaration, { image }: ModelVersion, path: Path): Inconsistency[] {
  const names = images.map(({ name }) => name);
  if (names.includes(image)) return [];
  if (!isReference(image)) {
    const known = names.length === 0 ? '' : `, or use one of ${names.join(', ')}`;
    const fix = didYouMean(image, names) ?? `write a reference with a tag or digest, e.g. "${image}:v1"${known}`;
    return [
      { path: [...path, 'image'], what: `"${image}" is not one of \`images\`, and no reference with a version`, fix },
    ];
  }
  if (!image.endsWith(':latest')) return [];
  return [
    {
      path: [...path, 'image'],
      what: `"${image}" is another image tomorrow, and there is no way back to it`,
      fix: 'name a tag that never moves, or a digest',
    },
  ];
}

function environmentOf({ secrets }: ModelDeclaration, env: ModelVersion['env'], path: Path): Inconsistency[] {
  return Object.entries(env).flatMap(([name, value]) => {
    const at = [...path, name];
    if (typeof value === 'string') {
      if (!SECRET_NAME.test(name)) return [];
      const fix = `put it into a Secret, and write "${name}: { secret: NAME, key: KEY }"`;
      return [{ path: at, what: `"${name}" looks like a secret, and stands here in clear`, fix }];
    }
    const declared = secrets.find((secret) => secret.name === value.secret);
    if (declared !== undefined && value.key in declared.keys) return [];
    return [
      {
        path: at,
        what:
          declared === undefined
            ? `The Secret "${value.secret}" is not declared under "secrets:"`
            : `The Secret "${value.secret}" has no key "${value.key}"`,
        fix: 'declare it under "secrets:"',
      },
    ];
  });
}

/** Who answered is read from the version in the answer: two that call themselves the same cannot be told apart. */
function indistinct(model: ModelDeclaration): Inconsistency[] {
  const { stable } = model.versions;
  return allVersions(model)
    .slice(1)
    .filter(({ version }) => version.modelVersion === stable.modelVersion)
    .map(({ path }) => ({
      path: [...path, 'modelVersion'],
      what: `This version calls itself "${stable.modelVersion}", as the stable one does: nobody could tell who answered`,
      fix: 'give it a modelVersion of its own',
    }));
}
