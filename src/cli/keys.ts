import { FIRST_ACCOUNT } from '../accounts/account.ts'
import { control } from './control-client.ts'
import { readOptions, UsageError } from './options.ts'

/** `koban keys list|create|update|roll|revoke`. */
export async function run([command, ...argv]: string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, {
    data: 'string',
    account: 'string',
    publishable: 'boolean',
    restricted: 'boolean',
    permission: 'strings',
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
        if (values.publishable && values.restricted) throw new UsageError('a key is --publishable or --restricted')
        const kind = values.publishable ? 'publishable' : values.restricted ? 'restricted' : 'secret'
        return control(values.data, 'POST', keys, { kind, livemode: values.live, ...permissionsOf(values.permission) })
      }
      case 'update':
        return control(values.data, 'POST', `${keys}/${await named()}`, permissionsOf(values.permission))
      case 'roll':
        return control(values.data, 'POST', `${keys}/${await named()}/roll`, {
          expires_in: values['expires-in'] ?? '0',
        })
      case 'revoke':
        return control(values.data, 'DELETE', `${keys}/${await named()}`)
      default:
        throw new UsageError('koban keys list|create|update KEY_ID|roll KEY_ID|revoke KEY_ID')
    }
  }

  /** The id of the key that is meant, which may be named by its text as well. */
  async function named(): Promise<string> {
    const [key] = positionals
    if (key === undefined) throw new UsageError(`koban keys ${command} KEY_ID: mk_…, as koban keys list shows it`)
    if (!/^[spr]k_/.test(key)) return encodeURIComponent(key)
    const { data } = (await control(values.data, 'GET', keys)) as { data: { id: string; key: string | null }[] }
    const found = data.find(({ key: text }) => text === key)
    if (!found)
      throw new UsageError(
        'no key of the account has this text; a live secret or restricted key is named by its id, mk_…',
      )
    return found.id
  }
}

/** `charge=write` and the like as the parameter that says so; nothing where none was given. */
function permissionsOf(given: readonly string[]): { permissions?: Record<string, string> } {
  if (given.length === 0) return {}
  const pairs = given.map((text) => {
    const [resource = '', level] = text.split('=')
    if (!level) throw new UsageError(`--permission takes RESOURCE=none|read|write, as in charge=write, not ${text}`)
    return [resource, level]
  })
  return { permissions: Object.fromEntries(pairs) }
}
