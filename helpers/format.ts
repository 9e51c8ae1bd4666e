/** A duration for people: `0.4 s`, `12 s`, `3 min 20 s`. `ms` in milliseconds. */
export function seconds(ms: number): string {
  const s = ms / 1000;
  if (s < 10) return `${s.toFixed(1)} s`;
  if (s < 99.5) return `${s.toFixed(0)} s`;
  const whole = Math.round(s);
  return `${String(Math.floor(whole / 60))} min ${String(whole % 60).padStart(2, '0')} s`;
}

/** A share from 0 to 1 for people, with at most one decimal: `12.5 %`, `80 %`. */
export function percent(share: number): string {
  return `${String(Number((share * 100).toFixed(1)))} %`;
}
