/** One thing that was looked at from outside. `told`: a figure that says nothing about right and wrong here. */
export interface Check {
  readonly what: string;
  readonly verdict: 'fine' | 'wrong' | 'told';
  readonly found: string;
}

/** A check that says what was found in either case. */
export function check(what: string, isFine: boolean, found: string): Check {
  return { what, verdict: isFine ? 'fine' : 'wrong', found };
}

export function told(what: string, found: string): Check {
  return { what, verdict: 'told', found };
}
