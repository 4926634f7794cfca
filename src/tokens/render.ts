import { renderBankDetails } from '../bank-accounts/render.ts'
import { renderCard } from '../cards/render.ts'
import type { Scene } from '../http/answer.ts'
import type { Token } from './token.ts'

/** Stripe's token object, newest version. */
export function renderToken(token: Token, scene: Scene) {
  return {
    id: token.id,
    object: 'token',
    ...(token.bank && { bank_account: renderBankDetails(token.bank.details, scene.livemode) }),
    ...(token.card && { card: renderCard(token.card, 'token') }),
    client_ip: token.clientIp,
    created: token.created,
    livemode: scene.livemode,
    type: token.bank ? 'bank_account' : 'card',
    used: token.used,
  } as const
}
