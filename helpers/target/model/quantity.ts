/** A quantity of Kubernetes: digits, perhaps a fraction, and a suffix. Signs are left out, since no resource is negative. */
const QUANTITY = /^(?<whole>\d+)(?:\.(?<fraction>\d+))?(?<suffix>[numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,2})?$/;

/** Everything is counted in billionths, the smallest unit that Kubernetes has. */
const SCALE = 9;

const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };

/**
 * What a quantity such as `500m`, `2Gi` or `1e3` stands for, in billionths of its unit (a core, a byte); exact, and rounded up below that, as
 * Kubernetes does. Undefined when the text is no quantity.
 */
export function parseQuantity(text: string): bigint | undefined {
  const groups = QUANTITY.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const { whole = '', fraction = '', suffix = '' } = groups;
  const digits = BigInt(whole + fraction);
  const power = BINARY[suffix];
  if (power !== undefined) return shifted(digits << power, SCALE - fraction.length);
  const exponent = DECIMAL[suffix] ?? (suffix === '' ? 0 : Number(suffix.slice(1)));
  return shifted(digits, SCALE - fraction.length + exponent);
}

/** `digits` times ten to the power of `places`, rounded up. */
function shifted(digits: bigint, places: number): bigint {
  if (places >= 0) return digits * 10n ** BigInt(places);
  const divisor = 10n ** BigInt(-places);
  return (digits + divisor - 1n) / divisor;
}

/** The smallest share of a core that Kubernetes knows: `1m`, in billionths. */
export const SMALLEST_CPU = 1_000_000n;

/** One mebibyte, in billionths of a byte: below it a suffix was forgotten, or `m` (thousandths) was written for `Mi`. */
export const SMALLEST_MEMORY = 1_048_576_000_000_000n;
