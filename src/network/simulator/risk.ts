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
  const risk = testCard(pan)?.risk ?? 'normal'
  switch (risk) {
    case 'normal':
      return { level: risk, score: scoreBetween(0, ELEVATED_FROM, pan), alwaysBlocked: false }
    case 'elevated':
      return { level: risk, score: scoreBetween(ELEVATED_FROM, HIGHEST_FROM, pan), alwaysBlocked: false }
    case 'highest':
      return { level: risk, score: scoreBetween(HIGHEST_FROM, SCORES, pan), alwaysBlocked: false }
    case 'always_blocked':
      return { level: 'highest', score: scoreBetween(HIGHEST_FROM, SCORES, pan), alwaysBlocked: true }
    default:
      return risk satisfies never
  }
}

/** From `first` on, below `end`. */
function scoreBetween(first: number, end: number, pan: string): number {
  return first + (digest(pan) % (end - first))
}
