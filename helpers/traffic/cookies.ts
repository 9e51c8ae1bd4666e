import type { Prepared } from './send.ts';

/** What one user keeps between calls, as a browser does: by it a server knows a user again. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** The same call with the cookies that were handed out, which takes in those that come with its answer. */
  attach(call: Prepared): Prepared {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return {
      ...call,
      headers: { ...call.headers, ...(cookie === '' ? {} : { cookie }) },
      judge: (answer) => {
        for (const handed of answer.headers['set-cookie'] ?? []) this.#keep(handed);
        return call.judge(answer);
      },
    };
  }

  #keep(handed: string): void {
    const [pair = ''] = handed.split(';');
    const [name = '', ...value] = pair.split('=');
    this.#cookies.set(name.trim(), value.join('=').trim());
  }
}
