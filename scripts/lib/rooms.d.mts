interface Room {
  readonly place: string;
  readonly may: readonly string[];
  readonly typesOf?: readonly string[];
  readonly node?: true;
}
export const ROOMS: readonly Room[];
export const CORE_ROOMS: readonly string[];
export const PACKAGES: Readonly<Record<string, readonly string[]>>;
