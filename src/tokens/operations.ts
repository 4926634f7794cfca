import type { SealedBank } from '../bank-accounts/bank-account.ts'
import { type BankData, openBankData, openBuiltInBank } from '../bank-accounts/bank-data.ts'
import { type CardData, type OpenCard, openBuiltInToken, openCardData } from '../cards/operations.ts'
import { errors } from '../errors.ts'
import { visible } from '../lookup.ts'
import { type Context, found, type Operation, type Outcome } from '../operation.ts'
import type { Write } from '../store/store.ts'
import { insertToken, tokenById, useToken } from './repository.ts'
import { isExpired, type Token } from './token.ts'

export type CreateToken = { readonly card: CardData | undefined; readonly bank: BankData | undefined }

/** Turns card or bank data into a token for one use; a card's number goes into the vault in the same unit. */
export const createToken: Operation<CreateToken, Token> = async (context, command) => {
  if (command.card !== undefined && command.bank !== undefined)
    throw errors.parametersExclusive(['card', 'bank_account'])
  if (command.bank !== undefined) return createBankToken(context, command.bank)
  if (command.card === undefined) throw errors.tokenNeedsSomething()
  const { card, writes } = openCardData(context, command.card)
  const { account, ids, livemode, now, request, vault } = context
  const token: Token = { id: ids.next('tok'), created: now, card, clientIp: request.ip, used: false }
  const outcome: Outcome<Token> = {
    ...found(token),
    writes: [...writes, insertToken(account.id, livemode, token)],
    committed: () => vault.kept(account.id, card.fingerprint),
  }
  return outcome
}

function createBankToken(context: Context, data: BankData): Outcome<Token> {
  const { account, ids, livemode, now, request } = context
  const bank = openBankData(context, data, 'bank_account')
  const token: Token = { id: ids.next('btok'), created: now, bank, clientIp: request.ip, used: false }
  return { ...found(token), writes: [insertToken(account.id, livemode, token)] }
}

/** A token by its id, used or not. */
export const retrieveToken: Operation<{ token: string }, Token> = async (context, { token: id }) => {
  const stored = await tokenById(context.store, context.account.id, id)
  return found(visible(context, stored, id, { word: 'token', param: 'token', where: 'url' }).value)
}

/**
 * The card behind a token, to be charged or saved: a built-in one gives a new card each time, a made one its card once.
 * Throws Stripe's errors for a token that is unknown, of the other mode, too old, or used.
 */
export function openToken(context: Context, id: string, param = 'source'): OpenCard | Promise<OpenCard> {
  return openBuiltInToken(context, id) ?? openMadeToken(context, id, param)
}

/** The bank account behind a token, to be paid out to. Throws as openToken does; no card is one. */
export async function openBankToken(
  context: Context,
  id: string,
  param: string,
): Promise<{ readonly bank: SealedBank; readonly writes: readonly Write[] }> {
  const builtIn = openBuiltInBank(context, id)
  if (builtIn) return { bank: builtIn, writes: [] }
  const { bank } = await usableToken(context, id, param)
  if (bank === undefined) throw errors.parameterNotSupported(param)
  return { bank, writes: [useToken(context.account.id, id)] }
}

async function usableToken(context: Context, id: string, param: string): Promise<Token> {
  const named = { word: 'token', param, where: 'parameter' } as const
  const { value: token } = visible(context, await tokenById(context.store, context.account.id, id), id, named)
  if (token.used) throw errors.tokenAlreadyUsed(id)
  if (isExpired(token, context.now)) throw errors.noSuch(named.word, id, named.param, named.where)
  return token
}

async function openMadeToken(context: Context, id: string, param: string): Promise<OpenCard> {
  const token = await usableToken(context, id, param)
  if (token.card === undefined) throw errors.noSuch('token', id, param, 'parameter') // a bank account is not charged
  const pan = await context.vault.readPan(context.account.id, token.card.fingerprint)
  return { card: token.card, pan, writes: [useToken(context.account.id, id)] }
}
