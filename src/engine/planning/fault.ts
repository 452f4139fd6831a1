/** Why a file is not sent, and what to do about it. */
export interface Fault {
  readonly why: string;
  readonly nextStep: string;
}

export function fault(why: string, nextStep: string): Fault {
  return { why, nextStep };
}
