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

  function answerTo() {
    switch (command) {
      case 'list':
        return control(values.data, 'GET', keys)
      case 'create': {
        const kind = values.publishable ? 'publishable' : 'secret'
        return control(values.data, 'POST', keys, { kind, livemode: values.live })
      }
      case 'roll':
        return control(values.data, 'POST', `${keys}/${named()}/roll`, { expires_in: values['expires-in'] ?? '0' })
      case 'revoke':
        return control(values.data, 'DELETE', `${keys}/${named()}`)
      default:
        throw new UsageError('koban keys list|create|roll KEY_ID|revoke KEY_ID')
    }
  }

  function named(): string {
    const [key] = positionals
    if (key === undefined) throw new UsageError(`koban keys ${command} KEY_ID: mk_…, as koban keys list shows it`)
    return encodeURIComponent(key)
  }
}
