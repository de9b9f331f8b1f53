/** A tagged field that Kafka's schema does not define. Readers keep it, and writers write it back. */
export interface UnknownTag {
  readonly tag: number
  readonly bytes: Uint8Array
}

/** Bytes to write: one array, or several that follow each other. */
export type Pieces = Uint8Array | readonly Uint8Array[]

/**
 * The fields of a `T` for a writer. Any field may be left out, at every level: the writer then writes the default of Kafka's schema.
 * Bytes may be several arrays.
 */
export type Draft<T> = T extends Uint8Array
  ? Pieces
  : T extends UnknownTag
    ? T
    : T extends readonly (infer Element)[]
      ? readonly Draft<Element>[]
      : T extends object
        ? { readonly [Field in keyof T]?: Draft<T[Field]> | undefined }
        : T

/** A `T` whose fields can be set, while a message is read. */
export type Mutable<T> = { -readonly [Field in keyof T]: T[Field] }
