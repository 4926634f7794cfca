import type { FontOption } from '../protocol.ts'
import type { StyleRule } from './style.ts'

/** The rules of the shop, after ours. */
export type Sheet = { put(rules: readonly StyleRule[]): void }

export function shopSheet(): Sheet {
  let inUse: CSSStyleSheet | null = null
  return {
    put(rules) {
      const sheet = new CSSStyleSheet()
      for (const rule of rules) insert(sheet, rule)
      document.adoptedStyleSheets = [...document.adoptedStyleSheets.filter((one) => one !== inUse), sheet]
      inUse = sheet
    },
  }
}

/** Each value is set by itself: whatever stands in it can be no more than a value. A browser may not know a selector. */
function insert(sheet: CSSStyleSheet, { selector, declarations }: StyleRule): void {
  try {
    sheet.insertRule(`${selector} {}`, sheet.cssRules.length)
  } catch {
    return
  }
  const rule = sheet.cssRules[sheet.cssRules.length - 1] as CSSStyleRule
  for (const [property, value] of declarations) rule.style.setProperty(property, value)
}

const DESCRIPTORS = ['display', 'stretch', 'style', 'unicodeRange', 'variant', 'weight'] as const

/**
 * Loads the shop's fonts. All of each is loaded before anything is typed: a font that was fetched when its first
 * character is shown would tell its server which digits a card has.
 */
export async function loadFonts(fonts: readonly FontOption[]): Promise<void> {
  await Promise.all(fonts.map(loadFont))
}

async function loadFont(font: FontOption): Promise<void> {
  const { family, src } = font
  if (typeof family !== 'string' || typeof src !== 'string') return
  const named = DESCRIPTORS.filter((name) => typeof font[name] === 'string').map((name) => [name, font[name]])
  try {
    document.fonts.add(await new FontFace(family, src, Object.fromEntries(named)).load())
  } catch {
    // The shop's page says so too, where it uses the font itself; the next family of the style is shown.
  }
}
