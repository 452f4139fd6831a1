/** Hex sha256 of a text; from the platform, since core and engine have no crypto. */
export type Sha256 = (text: string) => string;
