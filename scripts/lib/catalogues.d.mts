export interface LanguageFile {
  readonly language: string;
  readonly file: string;
  readonly glossary: Readonly<Record<string, readonly string[]>>;
  readonly package: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export function catalogues(): readonly LanguageFile[];
export function flat(catalogue: LanguageFile): Readonly<Record<string, string>>;
