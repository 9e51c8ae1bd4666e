import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';
import { secretsOf } from '../helpers/evidence/package/mask.ts';

/** Name of the file in which the runner itself writes down the errors of a test. */
const ERRORS_OF_RUNNER = 'error-context';

/**
 * Takes secrets out of what tests show themselves, before another reporter sees it: what an experiment writes is without them already, but
 * not the error of a program that was called, nor what a test prints. Knows those of the environment and the shapes of others. To be listed
 * before all other reporters.
 */
export default class SecretsReporter implements Reporter {
  readonly #clean = withoutSecrets();

  printsToStdio(): boolean {
    return false;
  }

  /** An expectation with a message is a step of that title. */
  onStepBegin(_test: TestCase, _result: TestResult, step: TestStep): void {
    step.title = this.#clean(step.title);
  }

  onStepEnd(_test: TestCase, _result: TestResult, step: TestStep): void {
    if (step.error !== undefined) this.#cleanError(step.error);
  }

  onTestEnd(_test: TestCase, result: TestResult): void {
    const output = (chunk: string | Buffer) => this.#clean(chunk.toString());
    result.stdout = result.stdout.map(output);
    result.stderr = result.stderr.map(output);
    for (const error of result.errors) this.#cleanError(error);
    for (const annotation of result.annotations)
      if (annotation.description !== undefined) annotation.description = this.#clean(annotation.description);
    for (const { name, path } of result.attachments)
      if (name === ERRORS_OF_RUNNER && path !== undefined && existsSync(path))
        writeFileSync(path, this.#clean(readFileSync(path, 'utf8')));
    for (const attachment of result.attachments)
      if (attachment.body !== undefined && isText(attachment.contentType))
        attachment.body = Buffer.from(this.#clean(attachment.body.toString()));
  }

  onError(error: TestError): void {
    this.#cleanError(error);
  }

  #cleanError(error: TestError): void {
    for (const field of ['message', 'stack', 'value', 'snippet'] as const) {
      const text = error[field];
      if (text !== undefined) error[field] = this.#clean(text);
    }
    if (error.cause !== undefined) this.#cleanError(error.cause);
  }
}

/** Takes secrets out of a text. A colour within a secret would hide it, so that a text with one loses its colours. */
export function withoutSecrets(): (text: string) => string {
  const redactor = secretsOf(process.env);
  return (text) => {
    const plain = stripVTControlCharacters(text);
    const clean = redactor.text(plain);
    return clean === plain ? text : clean;
  };
}

function isText(contentType: string): boolean {
  return /^text\/|json|yaml|xml|svg/.test(contentType);
}
