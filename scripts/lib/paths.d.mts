export const ROOT: string;
export const ARTIFACTS: string;
export function inRoot(...parts: string[]): string;
export function vsixFile(): string;

interface Manifest {
  readonly version: string;
  readonly contributes: {
    readonly languages?: readonly { readonly id: string; readonly aliases?: readonly string[] }[];
    readonly walkthroughs: readonly {
      readonly title: string;
      readonly steps: readonly {
        readonly title: string;
        readonly media: { readonly svg: string; readonly altText: string };
      }[];
    }[];
    readonly viewsContainers?: { readonly activitybar?: readonly { readonly id: string; readonly title: string }[] };
  };
}
export function manifest(): Manifest;

/** The manifest with its texts, as VS Code shows them in English. */
export function shownManifest(): Manifest;
