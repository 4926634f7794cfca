import { control, given } from './control-client.ts'
import { readOptions, UsageError } from './options.ts'

const USAGE = 'koban clock [show | advance 8d | to UNIX_SECONDS | freeze | resume] [--account ACCT]'

/** `koban clock …`: the time of an account's test mode, the first account's where none is named. */
export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = readOptions(argv, { data: 'string', account: 'string' })
  const [deed = 'show', amount, ...more] = positionals
  const isComplete = (amount !== undefined) === (deed === 'advance' || deed === 'to')
  if (more.length > 0 || !isComplete) throw new UsageError(USAGE)
  const { account, data } = values
  console.log(JSON.stringify(await answerOf(deed, { data, account, amount }), null, 2))
  return 0
}

type Asked = {
  readonly data: string | undefined
  readonly account: string | undefined
  readonly amount: string | undefined
}

function answerOf(deed: string, { data, account, amount }: Asked): Promise<Record<string, unknown>> {
  const change = (change: Record<string, unknown>) => control(data, 'POST', '/clock', given({ account, ...change }))
  switch (deed) {
    case 'show':
      return control(data, 'GET', account === undefined ? '/clock' : `/clock?account=${encodeURIComponent(account)}`)
    case 'advance':
      return change({ advance: amount })
    case 'to':
      return change({ to: amount })
    case 'freeze':
      return change({ freeze: true })
    case 'resume':
      return change({ resume: true })
    default:
      throw new UsageError(USAGE)
  }
}
