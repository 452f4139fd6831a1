// Generated from schemas/cluster.k3s.schema.json by scripts/generate.mjs; change the schema instead.
export interface SchemaError {
  /** JSON pointer to the value that does not fit. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Name of the property that `propertyNames` refused. */
  readonly propertyName?: string;
}

interface Validate {
  (data: unknown): boolean;
  errors?: readonly SchemaError[] | null;
}

declare const validate: Validate;
export { validate };
