declare const minor: unique symbol
declare const currency: unique symbol
declare const unixSeconds: unique symbol

/** An amount in the smallest unit of the currency that stands next to it (cents, yen). An integer, never a float. */
export type Minor = number & { readonly [minor]?: true }

/** A three-letter ISO 4217 code in lower case, of a currency that charges can be made in. */
export type Currency = string & { readonly [currency]?: true }

/** UNIX time in seconds, by the account's clock unless the name says otherwise. */
export type UnixSeconds = number & { readonly [unixSeconds]?: true }

/** UNIX time knows no leap seconds. */
export const SECONDS_PER_DAY = 86_400
