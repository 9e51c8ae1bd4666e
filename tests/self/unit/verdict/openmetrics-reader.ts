/** A strict reader of what OpenMetrics 1.0 calls the text format, as far as gauges go. Written from the specification's grammar, not from our writer. */
export interface ReadSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const METADATA = new RegExp(`^# (TYPE|UNIT|HELP) (${NAME}) (.*)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;
const NUMBER = /^([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]Inf|NaN)$/;

/** @throws Error at the first line that breaks the format. */
export function parseOpenMetrics(text: string): ReadSample[] {
  if (!text.endsWith('# EOF\n')) throw new Error('the text does not end with # EOF and the end of a line');
  const lines = text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1);
  const samples: ReadSample[] = [];
  const seen = new Set<string>();
  const families = new Set<string>();
  let family: { name: string; metadata: Set<string>; sampled: boolean } | undefined;
  for (const line of lines) {
    if (/[\r\u2028\u2029\u0085]/.test(line)) throw new Error(`what some readers take for the end of a line: ${line}`);
    const metadata = METADATA.exec(line);
    if (metadata !== null) {
      const [, keyword = '', name = '', value = ''] = metadata;
      if (family?.name !== name) {
        if (families.has(name)) throw new Error(`the family ${name} is torn apart`);
        families.add(name);
        family = { name, metadata: new Set(), sampled: false };
      }
      if (family.sampled || family.metadata.has(keyword)) throw new Error(`${keyword} of ${name} is misplaced`);
      family.metadata.add(keyword);
      if (keyword === 'TYPE' && value !== 'gauge') throw new Error(`${name} is of type ${value}`);
      if (keyword === 'UNIT' && !name.endsWith(`_${value}`)) throw new Error(`${name} does not end with its unit`);
      if (keyword === 'HELP' && !/^(?:[^"\\]|\\["\\n])*$/.test(value))
        throw new Error(`the help of ${name} is not escaped`);
      continue;
    }
    const sample = readSample(line);
    if (sample.name !== family?.name) throw new Error(`${sample.name} stands in another family`);
    family.sampled = true;
    const key = `${sample.name} ${JSON.stringify(Object.entries(sample.labels).toSorted())}`;
    if (seen.has(key)) throw new Error(`${key} is there twice`);
    seen.add(key);
    samples.push(sample);
  }
  return samples;
}

function readSample(line: string): ReadSample {
  const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  if (name === '' || !NUMBER.test(value)) throw new Error(`this is no sample: ${JSON.stringify(line)}`);
  return { name, labels: readLabels(labels), value: Number(value.replace('Inf', 'Infinity')) };
}

function readLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const [whole = '', name = '', value = ''] = LABEL.exec(rest) ?? [];
    if (name === '' || name in labels) throw new Error(`these are no labels: ${JSON.stringify(text)}`);
    labels[name] = value.replaceAll(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
    rest = rest.slice(whole.length);
  }
  return labels;
}
