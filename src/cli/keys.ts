import { FIRST_ACCOUNT } from '../accounts/account.ts'
import { control } from './control-client.ts'
import { readOptions, UsageError } from './options.ts'

/** `koban keys list|create|roll|revoke`. */
export async function run([command, ...argv]: string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, {
    data: 'string',
    account: 'string',
    publishable: 'boolean',
    live: 'boolean',
    'expires-in': 'string',
  })
  const keys = `/accounts/${encodeURIComponent(values.account ?? FIRST_ACCOUNT)}/keys`
  const answer = await answerTo()
  console.log(JSON.stringify(answer, null, 2))
  return 0

  async function answerTo() {
    switch (command) {
      case 'list':
        return control(values.data, 'GET', keys)
      case 'create': {
        const kind = values.publishable ? 'publishable' : 'secret'
        return control(values.data, 'POST', keys, { kind, livemode: values.live })
      }
      case 'roll':
        return control(values.data, 'POST', `${keys}/${await named()}/roll`, {
          expires_in: values['expires-in'] ?? '0',
        })
      case 'revoke':
        return control(values.data, 'DELETE', `${keys}/${await named()}`)
      default:
        throw new UsageError('koban keys list|create|roll KEY_ID|revoke KEY_ID')
    }
  }

  /** The id of the key that is meant, which may be named by its text as well. */
  async function named(): Promise<string> {
    const [key] = positionals
    if (key === undefined) throw new UsageError(`koban keys ${command} KEY_ID: mk_…, as koban keys list shows it`)
    if (!/^[sp]k_/.test(key)) return encodeURIComponent(key)
    const { data } = (await control(values.data, 'GET', keys)) as { data: { id: string; key: string | null }[] }
    const found = data.find(({ key: text }) => text === key)
    if (!found) throw new UsageError('no key of the account has this text; a live secret key is named by its id, mk_…')
    return found.id
  }
}
