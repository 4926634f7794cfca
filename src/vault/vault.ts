import assert from 'node:assert'
import { createHmac, createSecretKey, hash, type KeyObject, randomFillSync } from 'node:crypto'
import { join } from 'node:path'
import { type AccountId, BASE62, type RandomBytes } from '../ids.ts'
import { Recent } from '../recent.ts'
import { GuardFailed, type Store, statement, type Write, write, writeAny } from '../store/store.ts'
import { open, seal, VaultError } from './sealing.ts'
import { loadVaultKey, VAULT_KEY_FILE, VAULT_KEY_VARIABLE, type VaultKeySource } from './vault-key.ts'

/** Where card numbers and secrets are kept. Nothing else in Koban holds a key that opens them. */
export type Vault = {
  /**
   * 16 base62 characters: the same for the same card number (digits only) within an account, others in another account.
   */
  fingerprint(account: AccountId, pan: string): string
  /** As fingerprint, of a bank account: its country, routing number and account number in one text. */
  bankFingerprint(account: AccountId, bank: string): string
  /** By what an API key is found without being kept: an HMAC, 43 characters of base64url. */
  lookupHash(apiKey: string): string
  /**
   * Equal for equal texts, and says nothing of a text to who has only the database: for comparing what may hold a card
   * number. A third of the cost of an HMAC, whose further promises are not needed for that.
   */
  comparisonHash(text: string): string

  /**
   * Seals a secret that is to be shown again. It opens only for the same account and purpose (such as the key's id).
   */
  sealSecret(account: AccountId, purpose: string, secret: string): string
  /** Opens what sealSecret gave. Throws VaultError. */
  openSecret(account: AccountId, purpose: string, sealed: string): string

  /**
   * Seals a card number under its fingerprint, for good. The writes belong into the unit that first refers to the card; none where it is known as kept.
   */
  keepCard(account: AccountId, pan: string, fingerprint: string): readonly Write[]
  /** As keepCard, for as long as a token may need it: until releaseCard, unless something keeps it for good. */
  lendCard(account: AccountId, pan: string, fingerprint: string): Write
  /** The writes after which a number that was lent once less is gone, if nothing else needs it. */
  releaseCard(account: AccountId, fingerprint: string): readonly Write[]
  /**
   * To be called once the unit that refers to the card for good is committed: from then on the number is not written again.
   */
  kept(account: AccountId, fingerprint: string): void
  /**
   * To be called after rows of `vault_cards` were removed (reset, snapshot, clean-up): all are written again when seen.
   */
  forgetKept(): void
  /** The card number in clear, for the acquirer alone. Throws VaultError where there is none, or it does not open. */
  readPan(account: AccountId, fingerprint: string): Promise<string>
}

export type VaultOptions = {
  readonly store: Store
  readonly keySource: VaultKeySource
  /**
   * What the lookup and fingerprint keys are made of at the first start: node:crypto; seeded under `--deterministic`.
   */
  readonly random?: RandomBytes
}

/**
 * Opens the vault over the keys in the database, which are made and committed at the first start. Throws VaultError
 * where the vault key is missing, malformed, readable by others, or not the one that the database was sealed with.
 */
export async function openVault({ store, keySource, random = randomFillSync }: VaultOptions): Promise<Vault> {
  const found = await readSettings(store)
  const vaultKey = loadVaultKey(keySource, found.size > 0)
  const settings = found.size > 0 ? found : await makeSettings(store, vaultKey, random)
  checkVaultKey(vaultKey, settings, keySource)
  const lookupKey = unwrapKey(vaultKey, settings, LOOKUP_KEY)
  const fingerprintKey = unwrapKey(vaultKey, settings, FINGERPRINT_KEY)
  const comparisonKey = createHmac('sha256', lookupKey).update('comparison').digest('hex')
  let known = new Recent<string, true>(PAIRS_REMEMBERED)

  const fingerprint: Vault['fingerprint'] = (account, pan) => {
    assert(/^\d{12,19}$/.test(pan), 'a card number is 12 to 19 digits') // the message never shows it
    return fingerprintOf(createHmac('sha256', fingerprintKey).update(`${account}\n${pan}`).digest('binary'))
  }

  const writeCard: Vault['lendCard'] = (account, pan, print) =>
    writeAny(KEEP_CARD, account, print, seal(vaultKey, cardOf(account, print), pan))

  return {
    fingerprint,
    bankFingerprint: (account, bank) =>
      fingerprintOf(createHmac('sha256', fingerprintKey).update(`${account}\nbank ${bank}`).digest('binary')),
    lookupHash: (apiKey) => createHmac('sha256', lookupKey).update(apiKey).digest('base64url'),
    comparisonHash: (text) => hash('sha256', `${comparisonKey}${text}`, 'base64url'),
    sealSecret: (account, purpose, secret) => seal(vaultKey, secretOf(account, purpose), secret),
    openSecret: (account, purpose, sealed) => open(vaultKey, secretOf(account, purpose), sealed),

    keepCard(account, pan, print) {
      return known.get(pairOf(account, print)) ? NO_WRITES : [writeCard(account, pan, print)]
    },
    lendCard: writeCard,
    releaseCard: (account, print) => [
      writeAny(USE_CARD_LESS, account, print),
      writeAny(FORGET_CARD_UNUSED, account, print),
    ],
    kept: (account, print) => known.set(pairOf(account, print), true),
    forgetKept: () => {
      known = new Recent(PAIRS_REMEMBERED)
    },
    async readPan(account, print) {
      const row = await store.get(CARD_BY_FINGERPRINT, [account, print])
      if (!row) throw new VaultError(`the vault of ${account} holds no card number with the fingerprint ${print}`)
      return open(vaultKey, cardOf(account, print), String(row.sealed))
    },
  }
}

// Counted in the row itself, so that nobody can begin to need a number while it is removed: one waits for the other. A
// count that was never begun stays null, and such a number is kept.
const KEEP_CARD = statement(
  'keep card number',
  `INSERT INTO vault_cards (account, fingerprint, sealed, uses) VALUES (?, ?, ?, 1)
   ON CONFLICT (account, fingerprint) DO UPDATE SET uses = vault_cards.uses + 1`,
)
const USE_CARD_LESS = statement(
  'use card number less',
  'UPDATE vault_cards SET uses = uses - 1 WHERE account = ? AND fingerprint = ?',
)
const FORGET_CARD_UNUSED = statement(
  'forget unused card number',
  'DELETE FROM vault_cards WHERE account = ? AND fingerprint = ? AND uses = 0',
)
const CARD_BY_FINGERPRINT = statement(
  'card number by fingerprint',
  'SELECT sealed FROM vault_cards WHERE account = ? AND fingerprint = ?',
)
const NO_WRITES: readonly Write[] = []

// What each sealed value belongs to: a row that is copied over another does not open.
const cardOf = (account: AccountId, fingerprint: string) => ({ account, purpose: `card ${fingerprint}` })
const secretOf = (account: AccountId, purpose: string) => ({ account, purpose: `secret ${purpose}` })
const settingOf = (name: string) => ({ account: '', purpose: `setting ${name}` })

/**
 * One character from each two bytes of the digest: some are likelier by a thousandth, which costs nothing. The digest
 * comes as binary text, which node:crypto makes twice as fast as a Buffer.
 */
function fingerprintOf(digest: string): string {
  let print = ''
  for (let at = 0; at < 32; at += 2) {
    print += BASE62[(digest.charCodeAt(at) * 256 + digest.charCodeAt(at + 1)) % 62]
  }
  return print
}

// The keys of the vault, as rows of `settings`. Cards and API keys are found by HMACs with keys of their own, sealed by
// the vault key, so that a new vault key changes no fingerprint and no lookup.
const CHECK = 'vault_check'
const LOOKUP_KEY = 'vault_lookup_key'
const FINGERPRINT_KEY = 'vault_fingerprint_key'
const CHECK_TEXT = 'koban vault'

const SETTINGS = statement(
  'settings of the vault',
  `SELECT name, value FROM settings WHERE name IN ('${CHECK}', '${LOOKUP_KEY}', '${FINGERPRINT_KEY}')`,
)
const ADD_SETTING = statement('add setting of the vault', 'INSERT INTO settings (name, value) VALUES (?, ?)')

type Settings = ReadonlyMap<string, string>

async function readSettings(store: Store): Promise<Settings> {
  const rows = await store.all(SETTINGS, [])
  return new Map(rows.map(({ name, value }) => [String(name), String(value)]))
}

async function makeSettings(store: Store, vaultKey: KeyObject, random: RandomBytes): Promise<Settings> {
  const newKey = () => Buffer.from(random(new Uint8Array(32))).toString('hex')
  const values = { [CHECK]: CHECK_TEXT, [LOOKUP_KEY]: newKey(), [FINGERPRINT_KEY]: newKey() }
  const writes = Object.entries(values).map(([name, text]) =>
    write(ADD_SETTING, name, seal(vaultKey, settingOf(name), text)),
  )
  try {
    await store.commit({ account: '', writes, balances: [] })
  } catch (error) {
    if (!(error instanceof GuardFailed)) throw error // else another process has just made them: those hold
  }
  return readSettings(store)
}

/** Pairs with makeSettings: before anything is opened or sealed with the key, the key must open the check value. */
function checkVaultKey(vaultKey: KeyObject, settings: Settings, source: VaultKeySource): void {
  try {
    if (open(vaultKey, settingOf(CHECK), settings.get(CHECK) ?? '') === CHECK_TEXT) return
  } catch (error) {
    if (!(error instanceof VaultError)) throw error
  }
  const fromFile = source.environmentValue === undefined
  const place = fromFile ? join(source.dataFolder, VAULT_KEY_FILE) : VAULT_KEY_VARIABLE
  throw new VaultError(`the key in ${place} is not the vault key that this database was sealed with: give that one`)
}

function unwrapKey(vaultKey: KeyObject, settings: Settings, name: string): KeyObject {
  return createSecretKey(open(vaultKey, settingOf(name), settings.get(name) ?? ''), 'hex')
}

const pairOf = (account: AccountId, fingerprint: string) => `${account} ${fingerprint}`

const PAIRS_REMEMBERED = 10_000 // twice as many, at the most, are about 3 MB
