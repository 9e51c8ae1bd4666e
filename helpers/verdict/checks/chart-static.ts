import { z } from 'zod';
import { declarationIn } from '../declared-target.ts';
import { all, atMost, check, everyRelease, fail, inconclusive, ofFact, ofStep, pass } from '../finding.ts';
import { thresholds } from '../thresholds.ts';
import type { Check, Finding } from '../types.ts';
import type { History } from '../../history/history.ts';

/** Checks on a chart that need no cluster. */
const experiment = 'chart.static';

const resolution = z.object({ source: z.string(), version: z.string() });
const lint = z.object({ errors: z.number(), warnings: z.number(), messages: z.array(z.string()).default([]) });
const schemaMatch = z.object({
  hasSchema: z.boolean(),
  valuesWithoutSchema: z.array(z.string()),
  schemaWithoutValues: z.array(z.string()),
});
const readme = z.object({
  documented: z.array(z.string()),
  undocumented: z.array(z.string()),
  stale: z.array(z.string()),
});
const document = z.object({ file: z.string().optional(), found: z.boolean(), where: z.string().optional() });

export const resolves = check({
  id: 'chart.resolves',
  title: 'Every chart resolves from its declared source, in its declared version',
  expected: 'one chart for each release',
  experiment,
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofStep(history, `resolve.${release}`, (step, evidence) => {
        const { source, version } = resolution.parse(step.detail);
        return pass(`${release} is ${version} from ${source}`, evidence);
      }),
    ),
});

export const lintsWithoutErrors = check({
  id: 'chart.lints-without-errors',
  title: 'helm lint finds no error in any chart',
  expected: `${String(thresholds.lintErrors.value)} errors for each chart`,
  experiment,
  reason: thresholds.lintErrors.reason,
  evaluate: (history) => linted(history, 'errors', thresholds.lintErrors.value),
});

export const lintsWithoutWarnings = check({
  id: 'chart.lints-without-warnings',
  title: 'helm lint finds nothing to warn of in any chart',
  expected: `${String(thresholds.lintWarnings.value)} warnings for each chart`,
  experiment,
  reason: thresholds.lintWarnings.reason,
  evaluate: (history) => linted(history, 'warnings', thresholds.lintWarnings.value),
});

export const renders = check({
  id: 'chart.renders',
  title: 'Every chart renders for every Kubernetes version that the target declares',
  expected: 'at least one object for each chart and version',
  experiment,
  evaluate: (history) =>
    everyRelease(history, (release) => {
      const versions = declarationIn(history)?.kubernetesVersions ?? [];
      return all(
        versions.map((version) => rendered(history, `template.${release}.${version}`)),
        'the target declares no Kubernetes version',
      );
    }),
});

export const hasSchema = check({
  id: 'chart.has-schema',
  title: 'Every chart has a values.schema.json',
  expected: 'a schema in each chart',
  experiment,
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofStep(history, `schema.${release}`, (step, evidence) =>
        schemaMatch.parse(step.detail).hasSchema
          ? pass(`${release} has a schema`, evidence)
          : fail(`${release} has no values.schema.json`, evidence),
      ),
    ),
});

export const schemaMatchesValues = check({
  id: 'chart.schema-matches-values',
  title: 'values.schema.json and values.yaml name the same values',
  expected: `${String(thresholds.schemaDifferences.value)} values in only one of the two`,
  experiment,
  reason: thresholds.schemaDifferences.reason,
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofStep(history, `schema.${release}`, (step, evidence) => {
        const { hasSchema: has, valuesWithoutSchema, schemaWithoutValues } = schemaMatch.parse(step.detail);
        if (!has) return fail(`${release} has no values.schema.json`, evidence);
        const differences = [...valuesWithoutSchema, ...schemaWithoutValues];
        return atMost(
          thresholds.schemaDifferences.value,
          `values of ${release} in only one of the two`,
          differences,
          evidence,
        );
      }),
    ),
});

export const schemaRefusesMistakes = check({
  id: 'chart.schema-refuses-mistakes',
  title: 'A value of the wrong type or with a misspelt name is refused',
  expected: 'each chart refuses it before anything is installed',
  experiment,
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofStep(history, `badvalue.${release}`, (_step, evidence) => pass(`${release} refuses it`, evidence)),
    ),
});

export const readmeDocumentsValues = check({
  id: 'chart.readme-documents-values',
  title: 'The README documents every value',
  expected: `${String(thresholds.undocumentedValues.value)} values without an entry in the README`,
  experiment,
  reason: thresholds.undocumentedValues.reason,
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofStep(history, `readme.${release}`, (step, evidence) => {
        const { documented, undocumented } = readme.parse(step.detail);
        if (documented.length + undocumented.length === 0) return inconclusive(`${release} has no values to document`);
        return atMost(thresholds.undocumentedValues.value, `undocumented values of ${release}`, undocumented, evidence);
      }),
    ),
});

export const readmeIsCurrent = check({
  id: 'chart.readme-is-current',
  title: 'The README documents no value that the chart does not have',
  expected: `${String(thresholds.staleDocumentedValues.value)} stale entries`,
  experiment,
  reason: thresholds.staleDocumentedValues.reason,
  evaluate: (history) =>
    everyRelease(history, (release) =>
      ofStep(history, `readme.${release}`, (step, evidence) =>
        atMost(
          thresholds.staleDocumentedValues.value,
          `stale entries for ${release}`,
          readme.parse(step.detail).stale,
          evidence,
        ),
      ),
    ),
});

export { changesReachPods } from './chart-reach.ts';

export const describesUpgrade = describes('upgrade', 'how to upgrade');
export const describesRollback = describes('rollback', 'how to roll back');
export const describesUninstall = describes('uninstall', 'how to uninstall');

function describes(topic: string, what: string): Check {
  return check({
    id: `chart.describes-${topic}`,
    title: `The documentation describes ${what}`,
    expected: 'a section about it',
    experiment,
    evaluate: (history) =>
      ofFact(history, `docs.${topic}`, document, ({ file, found, where }, evidence) =>
        found
          ? pass(`found in ${where ?? file ?? 'the documentation'}`, evidence)
          : fail(`not found in ${file ?? 'any document'}`, evidence),
      ),
  });
}

/** A step of a chart that does not lint may be recorded as failed; the counts in it decide wherever they are known. */
function linted(history: History, severity: 'errors' | 'warnings', limit: number): Finding {
  return everyRelease(history, (release) => {
    const id = `lint.${release}`;
    const step = history.step(id);
    const found = lint.safeParse(step?.detail).data;
    if (step === undefined || found === undefined)
      return ofStep(history, id, () => inconclusive(`${id} did not count its findings`));
    const seen = `${String(found[severity])} ${severity} in ${release}${found[severity] === 0 ? '' : ` (${found.messages.join('; ')})`}`;
    return found[severity] <= limit ? pass(seen, history.reference(step)) : fail(seen, history.reference(step));
  });
}

function rendered(history: History, id: string): Finding {
  return ofStep(history, id, (step, evidence) => {
    const { objects } = z.object({ objects: z.number() }).parse(step.detail);
    const seen = `${id.replace('template.', '')}: ${String(objects)} objects`;
    return objects > 0 ? pass(seen, evidence) : fail(seen, evidence);
  });
}
