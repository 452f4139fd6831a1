/** Suites of `npm test`, in their order; a `group` names several of them. */
export const SUITES: readonly { readonly name: string; readonly group?: string }[];
