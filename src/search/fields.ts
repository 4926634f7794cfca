/** A field by which objects are searched: text (upper and lower case are the same), a whole number, or yes and no. */
export type SearchField<T> = {
  readonly kind: 'text' | 'number' | 'boolean'
  readonly of: (object: T) => string | number | boolean | null
  /** The column that holds it, where there is one: what is looked for can then be said in SQL. */
  readonly column?: string
}

/** What can be searched of a resource, and how Stripe's errors call it. */
export type Searchable<T> = {
  readonly resource: string
  /** The field with this name, or of a hash the one under `key`; undefined where there is none. */
  readonly field: (name: string, key: string | null) => SearchField<T> | undefined
}
