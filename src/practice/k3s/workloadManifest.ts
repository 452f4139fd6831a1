import { parseAllDocuments } from 'yaml';

/** An object of a manifest, as far as pods come of it. */
export interface Workload {
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>> & {
    readonly replicas?: number;
    readonly template?: { readonly metadata?: Workload['metadata']; readonly spec?: PodSpec };
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly volumes?: PodSpec['volumes'];
  };
}

export interface PodSpec {
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly containers?: readonly { readonly image?: string }[];
}

/** The objects of a manifest; none of a text that cannot be read. */
export function readWorkloads(text: string): readonly Workload[] {
  return parseAllDocuments(text).flatMap((document): readonly Workload[] => {
    const value: unknown = document.errors.length > 0 ? undefined : document.toJS();
    return typeof value === 'object' && value !== null ? [value] : [];
  });
}
