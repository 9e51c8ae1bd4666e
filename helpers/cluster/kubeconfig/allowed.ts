/** An entry of the allow-list: the exact name of a context and, where the person wants that, the address of the server that it has to lead to. */
export interface Allowed {
  name: string;
  server?: string;
}

/** Reads `NAME` or `NAME=https://SERVER`. Names of contexts may hold `=`, but none is followed by an address. */
export function readAllowed(entry: string): Allowed {
  const [, name, server] = /^(.+?)=(https?:\/\/\S+)$/.exec(entry) ?? [];
  return name === undefined || server === undefined ? { name: entry } : { name, server };
}

/** Whether two texts are the address of the same server. */
export function isSameServer(one: string, other: string): boolean {
  const address = (text: string) => (URL.canParse(text) ? new URL(text).href.replace(/\/$/, '') : text);
  return address(one) === address(other);
}
