import { listReferences, type Reference } from '../../cluster/references';

/** The variable that gives a secret to the command line, and here to the tool that reads the export. */
export function secretVariable({ kind, name }: Pick<Reference, 'kind' | 'name'>): string {
  return kind === 'env' ? name : `K3S_HA_SECRET_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
}

/** A text in which every reference is replaced by what stands for it. */
export function withPlaces(text: string, place: (reference: Reference) => string): string {
  return [...listReferences(text)]
    .reverse()
    .reduce((done, each) => done.slice(0, each.range.start) + place(each) + done.slice(each.range.end), text);
}
