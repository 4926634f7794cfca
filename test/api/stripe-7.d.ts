/** What the tests use of stripe 7.1.0, which brings no types of its own. */
declare module 'stripe-7' {
  type Body = import('./server.ts').Body
  type Sent = Readonly<Record<string, unknown>>
  type Call = (...sent: readonly (string | Sent)[]) => Promise<Body>

  export default class OldStripe {
    constructor(key: string)
    setHost(host: string, port: number, protocol: 'http'): void
    readonly balance: { readonly retrieve: Call }
    readonly balanceTransactions: { readonly list: Call }
    readonly customers: Readonly<
      Record<
        | `${'create' | 'retrieve' | 'update' | 'delete'}Source`
        | ('create' | 'retrieve' | 'update' | 'del' | 'list' | 'listSources'),
        Call
      >
    >
    readonly charges: Readonly<Record<'create' | 'retrieve' | 'update' | 'list' | 'capture', Call>>
    readonly disputes: Readonly<Record<'retrieve' | 'update' | 'list' | 'close', Call>>
    readonly files: Readonly<Record<'retrieve' | 'list', Call>>
    readonly events: Readonly<Record<'retrieve' | 'list', Call>>
    readonly refunds: Readonly<Record<'create' | 'retrieve' | 'update' | 'list', Call>>
    readonly sources: Readonly<Record<'create' | 'retrieve' | 'update', Call>>
    readonly tokens: Readonly<Record<'create' | 'retrieve', Call>>
  }
}
