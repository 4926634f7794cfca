import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { styleOf } from './style.ts'

describe("a shop's style", () => {
  it('becomes rules for the states of an input', () => {
    const { rules, warnings } = styleOf(
      {
        base: {
          color: '#32325d',
          fontSize: '16px',
          '::placeholder': { color: '#aab7c4' },
          ':focus::placeholder': { color: 'red' },
        },
        invalid: { color: '#fa755a', iconColor: '#fa755a' },
      },
      false,
    )
    assert.deepEqual(rules, [
      {
        selector: '.InputElement',
        declarations: [
          ['color', '#32325d'],
          ['font-size', '16px'],
        ],
      },
      { selector: '.InputElement::placeholder', declarations: [['color', '#aab7c4']] },
      { selector: '.InputElement:focus::placeholder', declarations: [['color', 'red']] },
      {
        selector: '.InputElement.is-invalid',
        declarations: [
          ['color', '#fa755a'],
          ['--icon-color', '#fa755a'],
        ],
      },
    ])
    assert.deepEqual(warnings, [])
  })

  it('tells the shop what it leaves out', () => {
    const { rules, warnings } = styleOf({ base: { position: 'fixed', textAlign: 'right' }, hover: {} }, false)
    assert.deepEqual(rules, [])
    assert.equal(warnings.length, 3)
    assert.equal(styleOf({ base: { textAlign: 'right' } }, true).warnings.length, 0)
  })

  it('loads nothing, whatever stands in it', () => {
    for (const value of [
      'url(https://evil.example/4)',
      'URL("//evil")',
      'image-set("//evil" 1x)',
      'red;}*{color:red',
      '\\75rl(//e)',
    ])
      assert.deepEqual(styleOf({ base: { color: value, backgroundColor: value } }, false).rules, [], value)
  })

  it('has no selector and no property of its own, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), fc.anything(), (style, pseudo, value) => {
        for (const said of [style, { base: style }, { base: { [`:${pseudo}`]: { color: value } } }])
          for (const { selector, declarations } of styleOf(said, false).rules) {
            assert.match(selector, /^\.InputElement(\.is-(complete|empty|invalid))?(::?[a-z-]+)*$/)
            for (const [, text] of declarations) assert.doesNotMatch(String(text), /[;{}]|url/i)
          }
      }),
    )
  })
})
