import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { textOf } from '../files.ts';
import { parseText } from '../gitops/tree/document.ts';
import type { Chart } from '../helm/chart.ts';
import { Helm } from '../helm/helm.ts';
import type { ReleaseInput } from '../helm/helm.ts';
import type { Target } from '../target/schema.ts';
import { describeTopics, topics } from './chart/documents.ts';
import { reachOf } from './chart/reach.ts';
import { matchReadme } from './chart/readme.ts';
import { describedPaths, matchSchema } from './chart/schema.ts';
import { firstScalar, isTree, treeWith } from './chart/values.ts';
import type { Tree } from './chart/values.ts';
import { prepareRelease } from './releases.ts';
import { trial } from './steps.ts';
import type { Experiment, ExperimentContext } from './types.ts';

/** A key that no chart has. */
const UNKNOWN_KEY = 'seatrialUnknownValue';

/** Everything about the charts that can be found out without a cluster. */
export const chartStatic: Experiment = {
  id: 'chart.static',
  title: 'Charts resolved, linted, rendered and compared with their documentation',
  needs: [],
  // A chart may come over a slow line; everything else takes seconds. In ms.
  timeLimitMs: 10 * 60_000,
  clusterless: true,

  async run(context) {
    const { target, folder, history, helm: binary } = context;
    const helm = new Helm({ binary, home: join(folder, 'helm') });
    const charts: Chart[] = [];
    for (const { name } of target.releases) {
      const release = await resolve(context, helm, name);
      if (release === undefined) continue;
      charts.push(release.chart);
      await lintAndRender(context, helm, release);
      await compare(context, helm, release);
    }
    for (const topic of topics) history.fact(`docs.${topic}`, describeTopics(target, charts)[topic]);
  },
};

async function resolve(context: ExperimentContext, helm: Helm, name: string): Promise<ReleaseInput | undefined> {
  const { target } = context;
  const images = await context.images();
  const declared = target.releases.find((release) => release.name === name);
  if (declared === undefined) return undefined;
  return trial(
    context,
    `resolve.${name}`,
    `resolve the chart of ${name}`,
    async () => {
      const release = await prepareRelease(helm, target, declared, { images, namespace: 'seatrial' });
      const wanted = 'version' in declared.chart ? declared.chart.version : release.chart.version;
      if (release.chart.version.replace(/^v/, '') === wanted.replace(/^v/, '')) return release;
      throw new Error(`${release.chart.source} is version ${release.chart.version}, not ${wanted}`);
    },
    ({ chart: { source, version, digest } }) => ({ source, version, ...(digest === undefined ? {} : { digest }) }),
  );
}

async function lintAndRender(context: ExperimentContext, helm: Helm, release: ReleaseInput): Promise<void> {
  const { name } = release;
  await trial(
    context,
    `lint.${name}`,
    `lint the chart of ${name}`,
    () => helm.lint(release, newest(context)),
    (lint) => ({ ...lint }),
  );
  for (const version of context.target.kubernetesVersions) {
    await trial(
      context,
      `template.${name}.${version}`,
      `render ${name} for Kubernetes ${version}`,
      async () => {
        const manifest = await helm.template(release, version);
        writeFileSync(join(context.folder, `${name}-${version}.yaml`), context.redactor.text(manifest));
        return parseAllDocuments(manifest).filter((document) => document.contents !== null).length;
      },
      (objects) => ({ objects }),
    );
  }
}

/** The last Kubernetes version that the target declares: helm's own default may be one that no chart here supports. */
function newest({ target }: ExperimentContext): string {
  return target.kubernetesVersions.at(-1) ?? '';
}

async function compare(context: ExperimentContext, helm: Helm, release: ReleaseInput): Promise<void> {
  const { name, chart } = release;
  const { values, schema } = readValues(chart);
  await trial(
    context,
    `schema.${name}`,
    `compare schema and values of ${name}`,
    () => Promise.resolve(matchSchema(values, schema)),
    (match) => ({ ...match }),
  );
  await trial(
    context,
    `readme.${name}`,
    `compare README and values of ${name}`,
    () => Promise.resolve(matchReadme(readReadme(context.target, chart), values, describedPaths(schema))),
    (match) => ({ ...match }),
  );
  await trial(
    context,
    `badvalue.${name}`,
    `give ${name} values that its schema must refuse`,
    () => refuseBadValues(context, helm, release, values),
    (refused) => ({ refused }),
  );
  await trial(
    context,
    `reach.${name}`,
    `change values of ${name} that its pods read at their start`,
    () => reachOf(helm, release, { defaults: values, version: newest(context), folder: context.folder }),
    (reaches) => ({ reaches }),
  );
}

/** @returns the mistakes that were refused. @throws Error naming one that was not. */
async function refuseBadValues(
  context: ExperimentContext,
  helm: Helm,
  release: ReleaseInput,
  values: Tree,
): Promise<string[]> {
  const scalar = firstScalar(values);
  const mistakes = [
    { title: `the unknown key ${UNKNOWN_KEY}`, values: { [UNKNOWN_KEY]: true } },
    ...(scalar === undefined
      ? []
      : [{ title: `a mapping for ${scalar}`, values: treeWith(scalar, { [UNKNOWN_KEY]: true }) }]),
  ];
  const file = join(context.folder, `${release.name}-bad-values.yaml`);
  for (const mistake of mistakes) {
    writeFileSync(file, stringify(mistake.values));
    const wrong = { ...release, files: [...(release.files ?? []), file] };
    if (!(await helm.isRefusedBySchema(wrong, newest(context)))) throw new Error(`the schema accepts ${mistake.title}`);
  }
  return mistakes.map(({ title }) => title);
}

function readValues({ folder }: Chart): { values: Tree; schema: Tree | undefined } {
  const read = (name: string, parser: (text: string) => unknown) => {
    const file = join(folder, name);
    const content = existsSync(file) ? parser(textOf(file)) : undefined;
    return isTree(content) ? content : undefined;
  };
  return { values: read('values.yaml', mappingOf) ?? {}, schema: read('values.schema.json', JSON.parse) };
}

/** @throws Error when the text is no YAML, or such that only a program would write it. */
function mappingOf(text: string): Tree | undefined {
  const { documents, troubles } = parseText(text, 'values.yaml');
  const [trouble] = troubles;
  if (trouble !== undefined) throw new Error(`${trouble.place} ${trouble.what}`);
  return documents[0]?.object;
}

/** The chart's own README, else the one that the target declares. @throws Error when there is none. */
function readReadme({ folder, docs }: Target, chart: Chart): string {
  const files = [join(chart.folder, 'README.md'), ...(docs.readme === undefined ? [] : [join(folder, docs.readme)])];
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`the chart ${chart.name} has no README.md, and the target declares none`);
  return textOf(file);
}
