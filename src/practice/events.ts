/** What happens in a practice fleet, for logs and tests. */
export type PracticeEvent =
  | { readonly kind: 'power'; readonly host: string; readonly on: boolean }
  | { readonly kind: 'fault'; readonly host: string; readonly fault: string; readonly on: boolean }
  /** Groups of hosts that do not reach each other. */
  | { readonly kind: 'network'; readonly partitions: readonly (readonly [readonly string[], readonly string[]])[] }
  | { readonly kind: 'commandStarted'; readonly host: string; readonly id: string }
  | { readonly kind: 'command'; readonly host: string; readonly id: string; readonly exitCode: number }
  | { readonly kind: 'unknownCommand'; readonly host: string; readonly command: string }
  | {
      readonly kind: 'unit';
      readonly host: string;
      readonly unit: string;
      readonly active: string;
      readonly sub: string;
    }
  | { readonly kind: 'node'; readonly node: string; readonly status: 'Ready' | 'NotReady' | 'Unknown' | 'Removed' }
  | { readonly kind: 'database'; readonly endpoint: string; readonly on: boolean };

export type PracticeListener = (event: PracticeEvent) => void;
