const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
};

/** `500m`, `2`, `70Mi`, `1e3` as a number; 0 for what is none. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export function quantity(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) ? value : 0;
  if (typeof value !== 'string') return 0;
  const match = /^(\d{1,20}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?)([numkMGTP]|[KMGTP]i|)$/.exec(value);
  return match === null ? 0 : Number(match[1]) * (SUFFIXES[match[2] ?? ''] ?? 0);
}
