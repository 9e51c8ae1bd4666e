import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf, UserError } from '../../errors.ts';

/** A signed text, as the Dead Simple Signing Envelope has it (DSSE 1.0). */
export const envelopeSchema = z.object({
  payloadType: z.string(),
  payload: z.base64(),
  signatures: z.array(z.object({ keyid: z.string().optional(), sig: z.base64() })).min(1),
});

export type Envelope = z.infer<typeof envelopeSchema>;

/** What is signed: the type too, with all lengths, so that nothing can be taken for something else. */
export function preAuthEncoding(payloadType: string, payload: Buffer): Buffer {
  const type = Buffer.from(payloadType);
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${String(type.length)} `),
    type,
    Buffer.from(` ${String(payload.length)} `),
    payload,
  ]);
}

export function signEnvelope(text: string, payloadType: string, key: KeyObject): Envelope {
  const payload = Buffer.from(text);
  return {
    payloadType,
    payload: payload.toString('base64'),
    signatures: [
      {
        keyid: keyId(createPublicKey(key)),
        sig: sign(null, preAuthEncoding(payloadType, payload), key).toString('base64'),
      },
    ],
  };
}

/** The signed text, or undefined when none of the signatures is by this key. */
export function openEnvelope({ payloadType, payload, signatures }: Envelope, key: KeyObject): string | undefined {
  const signed = Buffer.from(payload, 'base64');
  const encoded = preAuthEncoding(payloadType, signed);
  const good = signatures.some(({ sig }) => verify(null, encoded, key, Buffer.from(sig, 'base64')));
  return good ? signed.toString() : undefined;
}

/** SHA-256 of the public key (SubjectPublicKeyInfo, DER). */
function keyId(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** @throws UserError when the file holds no private key of that kind. */
export function privateKeyIn(file: string): KeyObject {
  return keyIn(file, '--sign', createPrivateKey, 'make one with `openssl genpkey -algorithm ed25519 -out key.pem`');
}

/** @throws UserError when the file holds no public key of that kind. */
export function publicKeyIn(file: string): KeyObject {
  return keyIn(
    file,
    '--key',
    publicOnly,
    'take it from the private one with `openssl pkey -in key.pem -pubout -out public.pem`',
  );
}

/** Node would take a private key, too; whoever verifies should not have it. */
function publicOnly(pem: Buffer): KeyObject {
  if (pem.includes('PRIVATE KEY')) throw new Error('it holds a private key');
  return createPublicKey(pem);
}

function keyIn(file: string, where: string, read: (pem: Buffer) => KeyObject, fix: string): KeyObject {
  const wrong = (what: string) => new UserError({ what, where: `${where} ${file}`, fix });
  if (!existsSync(file)) throw wrong('There is no such key');
  const key = attempt(() => read(readFileSync(file)));
  if ('problem' in key) throw wrong(`This key cannot be used: ${key.problem}`);
  if (key.value.asymmetricKeyType === 'ed25519') return key.value;
  throw wrong(`This is a key of type ${key.value.asymmetricKeyType ?? 'unknown'}, and not of type ed25519`);
}

function attempt<T>(work: () => T): { value: T } | { problem: string } {
  try {
    return { value: work() };
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}
