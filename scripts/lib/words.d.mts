export interface Said {
  readonly text: string;
  readonly where: string;
  readonly room: string;
  readonly grammar: readonly number[];
  readonly places: readonly string[];
}

export const COVERED: readonly string[];
export function collect(): {
  readonly said: readonly Said[];
  readonly unsaid: readonly { readonly text: string; readonly where: string }[];
};
