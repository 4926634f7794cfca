import type { Brand } from '../card/number.ts'

/** What stands before the number; `cvc` shows where the code is, `error` that something is wrong. */
export type IconName = Brand | 'cvc' | 'error'

type Shape = readonly [tag: string, attributes: Readonly<Record<string, string | number>>, text?: string]

const SVG = 'http://www.w3.org/2000/svg'
const WIDTH = 24
const HEIGHT = 16

/** Koban's own drawings, 24 by 16: a card of the brand's colour, with its sign in a few strokes. */
const SHAPES: Readonly<Record<IconName, readonly Shape[]>> = {
  unknown: [card('#8d96a5'), band(3, 3, '#5b6472'), chip(9, '#ffffff')],
  cvc: [
    card('#8d96a5'),
    band(3, 3, '#5b6472'),
    ['rect', { x: 12, y: 8.5, width: 9, height: 4.5, rx: 1, fill: '#fff' }],
    word('123', '#1c2230', 16.5, 12.1, 4),
  ],
  error: [
    card('#b3261e'),
    ['rect', { x: 11, y: 3.4, width: 2, height: 6, rx: 1, fill: '#fff' }],
    dot(12, 12, 1.2, '#fff'),
  ],
  visa: [card('#1d3f8f'), word('VISA', '#fff', 12, 10.8, 7.5, 'italic')],
  mastercard: [
    card('#2a2f3a'),
    dot(9.4, 8, 4.3, '#d8402f'),
    dot(14.6, 8, 4.3, '#f0a11f'),
    ['path', { d: 'M12 4.58a4.3 4.3 0 0 1 0 6.84 4.3 4.3 0 0 1 0-6.84z', fill: '#e8702a' }],
  ],
  amex: [card('#2671b9'), word('AMEX', '#fff', 12, 10.4, 6.4)],
  discover: [card('#f4f2ec', '#c9c4b6'), word('DISC', '#1c2230', 8.8, 10.1, 5.2), dot(18, 8, 2.8, '#e7772b')],
  diners: [
    card('#f4f2ec', '#c9c4b6'),
    dot(12, 8, 5.2, '#1b5b94'),
    dot(12, 8, 3.7, '#fff'),
    ['path', { d: 'M11 4.7v6.6a3.5 3.5 0 0 1 0-6.6zM13 4.7v6.6a3.5 3.5 0 0 0 0-6.6z', fill: '#1b5b94' }],
  ],
  jcb: [card('#f4f2ec', '#c9c4b6'), ...bar(5, '#1a5fa8', 'J'), ...bar(10, '#c42b3a', 'C'), ...bar(15, '#2d8a42', 'B')],
  unionpay: [card('#f4f2ec', '#c9c4b6'), slant(4, '#c8323c'), slant(9, '#1f4f80'), slant(14, '#1b7f86')],
}

function card(fill: string, stroke?: string): Shape {
  const edge: Record<string, string> = stroke === undefined ? {} : { stroke }
  return ['rect', { x: 0.5, y: 0.5, width: 23, height: 15, rx: 2.5, fill, ...edge, class: 'Icon-card' }]
}

function band(y: number, height: number, fill: string): Shape {
  return ['rect', { x: 0.5, y, width: 23, height, fill }]
}

function chip(y: number, fill: string): Shape {
  return ['rect', { x: 3, y, width: 6, height: 3, rx: 1, fill }]
}

function dot(cx: number, cy: number, r: number, fill: string): Shape {
  return ['circle', { cx, cy, r, fill }]
}

function word(text: string, fill: string, x: number, y: number, size: number, slope = 'normal'): Shape {
  const font = { 'font-family': 'Arial, sans-serif', 'font-weight': 700, 'font-size': size, 'font-style': slope }
  return ['text', { x, y, fill, 'text-anchor': 'middle', ...font }, text]
}

function bar(x: number, fill: string, letter: string): Shape[] {
  return [['rect', { x, y: 3, width: 4.2, height: 10, rx: 1.4, fill }], word(letter, '#fff', x + 2.1, 9.6, 4.2)]
}

function slant(x: number, fill: string): Shape {
  return ['path', { d: `M${x + 1.6} 3h4.6l-1.8 10h-4.6z`, fill }]
}

/** Draws an icon. One colour (`solid`) is the shop's `iconColor`. */
export function drawIcon(name: IconName, isSolid: boolean): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`)
  svg.setAttribute('class', isSolid ? 'is-solid' : '')
  for (const [tag, attributes, text] of SHAPES[name]) {
    const shape = document.createElementNS(SVG, tag)
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, String(value))
    if (text !== undefined) shape.textContent = text
    svg.append(shape)
  }
  return svg
}
