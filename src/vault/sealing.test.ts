import assert from 'node:assert/strict'
import { createSecretKey, randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { open, seal, VaultError } from './sealing.ts'

describe('a sealed text', () => {
  const key = createSecretKey(randomBytes(32))
  const owner = { account: 'acct_1', purpose: 'card abc' }

  it('opens to what was sealed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, purpose) => {
        const sealed = seal(key, { account: 'acct_1', purpose }, text)
        assert.match(sealed, /^v1\.[\w-]{38,}$/)
        assert.equal(open(key, { account: 'acct_1', purpose }, sealed), text)
      }),
    )
  })

  it('is another each time', () => {
    assert.notEqual(seal(key, owner, '4242424242424242'), seal(key, owner, '4242424242424242'))
  })

  it('does not open for another account, purpose or key', () => {
    const sealed = seal(key, owner, '4242424242424242')
    assert.throws(() => open(key, { ...owner, account: 'acct_2' }, sealed), VaultError)
    assert.throws(() => open(key, { ...owner, purpose: 'card abd' }, sealed), VaultError)
    assert.throws(() => open(createSecretKey(randomBytes(32)), owner, sealed), VaultError)
  })

  it('does not open once a character of it was changed, added or removed, and the error does not show it', () => {
    const sealed = seal(key, owner, '4242424242424242')
    const refused = (text: string) =>
      assert.throws(
        () => open(key, owner, text),
        (error: Error) => error instanceof VaultError && !error.message.includes('4242'),
        text,
      )
    for (let at = 0; at < sealed.length; at++) {
      refused(sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1))
      refused(sealed.slice(0, at) + sealed.slice(at + 1))
      refused(sealed.slice(0, at))
      refused(`${sealed.slice(0, at)}=${sealed.slice(at)}`)
    }
    for (const text of ['', 'v1.', '4242424242424242', `${sealed}A`, sealed.replace('v1', 'v2')]) refused(text)
  })
})
