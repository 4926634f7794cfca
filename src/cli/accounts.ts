import { FIRST_ACCOUNT } from '../accounts/account.ts'
import { control, given } from './control-client.ts'
import { readOptions, UsageError } from './options.ts'

/** `koban accounts create|update|list`. */
export async function run([command, ...argv]: string[]): Promise<number> {
  const { values } = readOptions(argv, {
    data: 'string',
    account: 'string',
    'api-version': 'string',
    country: 'string',
    currency: 'string',
    email: 'string',
    name: 'string',
    'statement-descriptor': 'string',
  })
  switch (command) {
    case 'create': {
      const body = given({
        country: values.country,
        default_currency: values.currency,
        business_name: values.name,
        statement_descriptor: values['statement-descriptor'],
      })
      console.log(JSON.stringify(await control(values.data, 'POST', '/accounts', body), null, 2))
      return 0
    }
    case 'update': {
      const account = encodeURIComponent(values.account ?? FIRST_ACCOUNT)
      const body = given({
        api_version: values['api-version'],
        business_name: values.name,
        email: values.email,
        statement_descriptor: values['statement-descriptor'],
      })
      console.log(JSON.stringify(await control(values.data, 'POST', `/accounts/${account}`, body), null, 2))
      return 0
    }
    case 'list':
      console.log(JSON.stringify(await control(values.data, 'GET', '/accounts'), null, 2))
      return 0
    default:
      throw new UsageError('koban accounts create|update|list')
  }
}
