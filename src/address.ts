/** Where somebody lives or something is sent, as Stripe shows it: null where nothing was said. */
export type Address = {
  readonly city: string | null
  readonly country: string | null
  readonly line1: string | null
  readonly line2: string | null
  readonly postal_code: string | null
  readonly state: string | null
}
