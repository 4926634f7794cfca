import type { ErrorCode } from '../card/judgement.ts'
import { en } from './en.ts'

/** Everything that an Element says in one language. */
export type Texts = {
  readonly labels: {
    readonly number: string
    readonly expiry: string
    readonly cvc: string
    readonly zip: string
    readonly postal: string
  }
  readonly placeholders: {
    readonly number: string
    readonly expiry: string
    readonly cvc: string
    readonly zip: string
    readonly postal: string
  }
  readonly errors: Readonly<Record<ErrorCode | ApiCode, string>>
}

/** What the API may say of a card, and a connection that failed. */
type ApiCode =
  | 'card_declined'
  | 'connection'
  | 'expired_card'
  | 'incorrect_cvc'
  | 'incorrect_number'
  | 'incorrect_zip'
  | 'invalid_cvc'
  | 'processing_error'
  | 'unexpected'

/** A language is loaded where a page asks for it. */
const LANGUAGES: Readonly<Record<string, () => Promise<{ texts: Texts }>>> = {
  ja: () => import('./ja.ts'),
}

/** The name under which a language is kept: `ja-JP` is `ja`; null is English, which is always there. */
export function languageOf(locale: string): string | null {
  const asked = (locale === '' || locale === 'auto' ? navigator.language : locale).toLowerCase()
  const [language = ''] = asked.split('-')
  return [asked, language].find((name) => Object.hasOwn(LANGUAGES, name)) ?? null
}

/** The texts of a locale; English where there are none, or they could not be loaded. */
export async function textsOf(locale: string): Promise<Texts> {
  const load = LANGUAGES[languageOf(locale) ?? '']
  if (load === undefined) return en
  try {
    return (await load()).texts
  } catch {
    return en
  }
}
