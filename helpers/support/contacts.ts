import type { Contact } from './parts.ts';

/** Names that lead nowhere by standard (RFC 2606, RFC 6761). */
const RESERVED_NAME = /(^|\.)(example\.(com|net|org)|example|test|invalid|localhost)$/i;
const NOBODY_READS = /^(no-?reply|do-?not-?reply)([+.-].*)?$/i;
/** Numbers that regulators keep for films: North America 555-0100 to 0199, Ofcom's 020 7946 0xxx, Berlin 23125 xxx. */
const FICTIONAL_NUMBER = /^(\+1\d{3}55501\d{2}|\+44\d{2,3}79460\d{3}|\+493023125\d{1,3})$/;

/** One way to reach somebody, as a history shows it. */
export interface RecordedContact {
  kind: 'email' | 'phone' | 'url';
  /** Enough to recognise it, too little to use it. */
  masked: string;
  /** The same for the same address wherever it stands among the facts, e.g. `contact-2`. */
  id: string;
  /** Why it reaches nobody. */
  dead?: string;
}

/** Gives contacts their ids, and masks them. */
export class Contacts {
  readonly #ids = new Map<string, string>();

  record({ email, phone, url }: Contact): RecordedContact[] {
    return [
      ...(email === undefined ? [] : [this.#one('email', email.toLowerCase(), maskedEmail(email), deadEmail(email))]),
      ...(phone === undefined ? [] : [this.#one('phone', phone, maskedPhone(phone), deadPhone(phone))]),
      ...(url === undefined ? [] : [this.#one('url', url.replace(/\/$/, ''), maskedUrl(url), deadHost(hostOf(url)))]),
    ];
  }

  #one(kind: RecordedContact['kind'], address: string, masked: string, dead: string | undefined): RecordedContact {
    const id = this.#ids.get(address) ?? `contact-${String(this.#ids.size + 1)}`;
    this.#ids.set(address, id);
    return { kind, masked, id, ...(dead === undefined ? {} : { dead }) };
  }
}

/** `Anna Berta Cramer` as `A. B. C.`: a report need not spread names. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  return words.map((word) => `${String.fromCodePoint(word.codePointAt(0) ?? 0)}.`).join(' ');
}

function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}***${email.slice(at)}`;
}

function maskedPhone(phone: string): string {
  return `${phone.slice(0, 3)}***${phone.slice(-2)}`;
}

/** Links to chat channels and pagers may hold a key. */
function maskedUrl(url: string): string {
  const { host, pathname } = new URL(url);
  return `https://${host}${pathname === '/' ? '' : '/***'}`;
}

function deadEmail(email: string): string | undefined {
  const at = email.lastIndexOf('@');
  if (NOBODY_READS.test(email.slice(0, at))) return 'nobody reads what is sent there';
  return deadHost(email.slice(at + 1));
}

function deadPhone(phone: string): string | undefined {
  return FICTIONAL_NUMBER.test(phone) ? 'the number is kept for films' : undefined;
}

/** Why a host of this name does not exist. */
function deadHost(host: string): string | undefined {
  return RESERVED_NAME.test(host) ? `${host} is reserved and leads nowhere` : undefined;
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}
