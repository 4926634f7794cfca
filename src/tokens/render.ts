import { renderCard } from '../cards/render.ts'
import type { Scene } from '../http/answer.ts'
import type { Token } from './token.ts'

/** Stripe's token object, newest version. */
export function renderToken(token: Token, scene: Scene) {
  return {
    id: token.id,
    object: 'token',
    card: renderCard(token.card, 'token'),
    client_ip: token.clientIp,
    created: token.created,
    livemode: scene.livemode,
    type: 'card',
    used: token.used,
  } as const
}
