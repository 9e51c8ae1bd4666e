import { styleText } from 'node:util';
import type { TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { seconds } from '../../helpers/format.ts';

/** What the runner says of a test that did not come to a verdict. */
const unjudged: Readonly<Record<TestResult['status'], string>> = {
  passed: 'pass',
  failed: 'fail',
  timedOut: 'timed out',
  skipped: 'not run',
  interrupted: 'interrupted',
};

const colours: Readonly<Record<string, Parameters<typeof styleText>[0]>> = {
  pass: 'green',
  'not-applicable': 'gray',
  inconclusive: 'yellow',
  'not run': 'yellow',
};

/** `  PASS  4 of 5  Criterion 1: … (1 min 20 s)`. A test that failed although its row passes is shown as failed. */
export function outcomeLine(test: TestCase, { status, duration, annotations }: TestResult): string {
  const of = (type: string) => annotations.find((annotation) => annotation.type === type)?.description;
  const judged = of('verdict');
  const agrees = judged !== undefined && (status === 'passed') === (judged === 'pass' || judged === 'not-applicable');
  const word = agrees ? judged : unjudged[status];
  const score = agrees ? of('score') : undefined;
  const mark = styleText(colours[word] ?? 'red', word.toUpperCase());
  return [`  ${mark}`, ...(score === undefined ? [] : [score]), `${test.title} (${seconds(duration)})`].join('  ');
}

/** Why a test failed. Checks that are not met stand in the verdict, which is printed at the end: here they would stand twice. */
export function failureLines(test: TestCase, { number, file }: { number: number; file: string }): string[] {
  const judged = test.results.some(({ annotations }) => annotations.some(({ type }) => type === 'verdict'));
  const errors = test.results.flatMap(({ errors: all }) => all).filter((error) => !judged || !isOfCheck(error));
  if (errors.length === 0) return [];
  return [
    styleText('red', `  ${String(number)}) ${file}:${String(test.location.line)} › ${test.title}`),
    '',
    ...errors.flatMap(({ stack, message, value, snippet }) =>
      [stack ?? message ?? value ?? 'an error without a message', ...(snippet === undefined ? [] : [snippet])].flatMap(
        (part) => [...part.split('\n').map((line) => `    ${line}`), ''],
      ),
    ),
  ];
}

/** Whether a check that is not met is all that an error says; as `judge` words it. */
export function isOfCheck({ message = '' }: TestError): boolean {
  return / — expected [^]*, seen /.test(message);
}
