import type { RiskAssessment } from '../../radar/radar.ts'
import { testCard } from './cards.ts'
import { digest } from './digest.ts'

const ELEVATED_FROM = 65 // Radar's default thresholds
const HIGHEST_FROM = 75
const SCORES = 100

/**
 * The risk that Radar finds in a card in test mode. Only the cards made for it are risky; the others have a score of
 * their own below that of elevated risk, the same each time. Source: Stripe's testing page, Radar's default thresholds.
 */
export function assessTestCard(pan: string): RiskAssessment {
  const behaviour = testCard(pan)?.behaviour
  if (behaviour?.kind !== 'risk') return { level: 'normal', score: digest(pan) % ELEVATED_FROM, alwaysBlocked: false }

  const score = HIGHEST_FROM + (digest(pan) % (SCORES - HIGHEST_FROM))
  return { level: behaviour.level, score, alwaysBlocked: behaviour.blocked === 'always' }
}
