import type { SealedBank } from '../bank-accounts/bank-account.ts'
import { type BankData, openBankData, openBuiltInBank } from '../bank-accounts/bank-data.ts'
import { type CardData, type OpenCard, openBuiltInToken, readCardData } from '../cards/operations.ts'
import type { Cleaning } from '../clock/cleaner.ts'
import { errors } from '../errors.ts'
import { visible } from '../lookup.ts'
import { type Context, found, type Operation, type Outcome } from '../operation.ts'
import type { Write } from '../store/store.ts'
import { deleteToken, insertToken, type StoredToken, tokenById, tokensOlderThan, useToken } from './repository.ts'
import { isExpired, isForgotten, TOKEN_KEPT_SECONDS, type Token } from './token.ts'

export type CreateToken = { readonly card: CardData | undefined; readonly bank: BankData | undefined }

/** Turns card or bank data into a token for one use; a card's number goes into the vault in the same unit. */
export const createToken: Operation<CreateToken, Token> = async (context, command) => {
  if (command.card !== undefined && command.bank !== undefined)
    throw errors.parametersExclusive(['card', 'bank_account'])
  if (command.bank !== undefined) return createBankToken(context, command.bank)
  if (command.card === undefined) throw errors.tokenNeedsSomething()
  const { card, pan } = readCardData(context, command.card)
  const { account, ids, livemode, now, request, vault } = context
  const token: Token = { id: ids.next('tok'), created: now, card, clientIp: request.ip, used: false }
  const outcome: Outcome<Token> = {
    ...found(token),
    writes: [vault.lendCard(account.id, pan, card.fingerprint), insertToken(account.id, livemode, token)],
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
  const stored = await rememberedToken(context, id)
  return found(visible(context, stored, id, { word: 'token', param: 'token', where: 'url' }).value)
}

async function rememberedToken({ store, account, now }: Context, id: string): Promise<StoredToken | undefined> {
  const stored = await tokenById(store, account.id, id)
  return stored && isForgotten(stored.value, now) ? undefined : stored
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
  const { value: token } = visible(context, await rememberedToken(context, id), id, named)
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

/**
 * Tokens that nobody need know of any more. The number of one that was never used is needed once less; that of a used one
 * is still needed by what was made with it. The number of a bank account is in no other row, and goes with its token.
 */
export const oldTokens: Cleaning = async ({ store, vault, account, livemode, now }) => {
  const tokens = await tokensOlderThan(store, account, livemode, now - TOKEN_KEPT_SECONDS)
  return tokens.flatMap((token) => [
    deleteToken(account, token),
    ...(token.used || token.card === undefined ? [] : vault.releaseCard(account, token.card.fingerprint)),
  ])
}
