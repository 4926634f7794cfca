/** What `koban --help` prints. */
export function usage(): string {
  return `Koban: a payments server, wire-compatible with Stripe's Charges API.

  koban start            serve, with the embedded database
    --port N             port to listen on; 0 takes a free one (12111)         KOBAN_PORT
    --host H             address to listen on (localhost)                      KOBAN_HOST
    --data DIR           where the data is (./.koban)                          KOBAN_DATA
    --public-url URL     where links lead that leave the server                KOBAN_PUBLIC_URL
    --public-test-keys   let the guide's public keys count on any host         KOBAN_PUBLIC_TEST_KEYS
    --quiet              no line for each request                              KOBAN_QUIET

  koban accounts create  a new, empty account with keys of its own
    --country CC --currency CUR --name NAME --statement-descriptor TEXT
  koban accounts update  [--api-version V] [--name NAME] [--email EMAIL] [--statement-descriptor TEXT]
  koban accounts list
  koban keys list        the keys of an account
  koban keys create      [--publishable | --restricted] [--live]
    --permission RESOURCE=none|read|write   what a restricted key may do, as often as needed: balance,
                         balance_transaction_source, charge, connected_account, customer, event, source, token
  koban keys update KEY_ID   --permission RESOURCE=none|read|write
  koban keys roll KEY_ID a new key in the place of one [--expires-in SECONDS]
  koban keys revoke KEY_ID   (mk_…, as the list shows it)
    --account ACCT       which account, or whose keys; the first where none is named
  koban doctor           proves the books: exit 1 and a list where something is wrong, 2 where they can't be read

  Commands talk to the running server of the data folder (--data DIR, KOBAN_DATA).
  KOBAN_VAULT_KEY        the key of the vault, 32 bytes in hex or base64; else a file in the data folder
  KOBAN_ADMIN_TOKEN      the token of the control endpoints; else one is made

  koban --version, koban --help`
}
