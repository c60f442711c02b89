import type { Canvas, Scene } from '../canvas.ts'
import { type Colour, lighter, mix } from '../colour.ts'
import { type Point, polar, range, TURN } from '../curves.ts'

const COBALT = '#1f4fa3'
interface Scheme {
  glaze: Colour
  inks: readonly [Colour, Colour, Colour]
}

const SCHEMES: readonly [Scheme, ...Scheme[]] = [
  { glaze: '#f7f5ee', inks: [COBALT, '#6d9fd8', '#f2b632'] },
  { glaze: '#fdf6e6', inks: ['#17365f', '#e08a3c', '#79a7c7'] },
  { glaze: '#eef4f2', inks: ['#0f6b6b', '#7cc3b4', '#e0654a'] },
  { glaze: '#f8efe4', inks: ['#8c2f39', '#e3a857', '#2f5d62'] },
  { glaze: '#1d3f7d', inks: ['#f7f5ee', '#89b4e8', '#f2c14e'] },
]

/** A wall of tiles of one pattern, four of which make a rose. */
export const wall: Scene = (canvas) => lay(canvas, canvas.width > canvas.height * 2 ? 30 : 25)

/** The same, so near that one sees the glaze. */
export const detail: Scene = (canvas) => lay(canvas, 50)

/** Tiles that turn, one after the other. */
export const turning: Scene = (canvas) => lay(canvas, 25)

function lay(canvas: Canvas, size: number) {
  const { width, height, unit, random, time } = canvas
  const scheme = random.pick(SCHEMES)
  const pattern = Array.from({ length: 5 }, () => random.next())
  const ornament = random.pick([rose, rose, star, waves])
  const columns = Math.max(2, Math.round(width / (unit * size)))
  const cell = width / columns
  const rows = Math.ceil(height / cell)
  canvas.background('#b9b2a4')
  for (const index of range(columns * rows)) {
    const [column, row] = [index % columns, Math.floor(index / columns)]
    const wave = Math.min(Math.max(time * 2.4 - (column + row) / (columns + rows), 0), 1)
    const turn = quarterOf(column, row) * 90 + wave * wave * (3 - 2 * wave) * 180
    tile(
      canvas,
      [column * cell, row * cell],
      cell,
      scheme,
      (corner) => ornament(canvas, corner, cell, scheme, pattern),
      turn,
    )
  }
  canvas.background(
    canvas.linear(
      [
        ['#fffbe8', 0.26],
        ['#fffbe8', 0],
        ['#0d1b33', 0.26],
      ],
      [0, 0],
      [1, 1],
    ),
  )
}

/** Neighbours turn so that four corners meet. */
const quarterOf = (column: number, row: number) => (row % 2 ? (column % 2 ? 2 : 3) : column % 2 ? 1 : 0)

function tile(
  canvas: Canvas,
  [x, y]: Point,
  cell: number,
  scheme: Scheme,
  paint: (corner: Point) => void,
  turn: number,
) {
  const gap = cell * 0.008
  const tone = canvas.random.between(-0.05, 0.05)
  const glaze = tone > 0 ? lighter(scheme.glaze, tone) : mix(scheme.glaze, '#8a8f98', -tone)
  const centre: Point = [x + cell / 2, y + cell / 2]
  const square = `M${x + gap},${y + gap}h${cell - gap * 2}v${cell - gap * 2}h${gap * 2 - cell}Z`
  canvas.path(square, { fill: glaze })
  canvas.group({ 'clip-path': canvas.clip(square) }, () => {
    canvas.group({ transform: `rotate(${turn.toFixed(1)} ${centre[0]} ${centre[1]})` }, () => paint([x, y]))
  })
  canvas.path(square, {
    fill: canvas.linear(
      [
        ['#ffffff', 0.22],
        ['#ffffff', 0],
        ['#1a2436', 0.1],
      ],
      [0, 0],
      [1, 1],
    ),
  })
}

/** What is painted on one tile; its lower right corner becomes the middle of four. */
type Ornament = (
  canvas: Canvas,
  corner: Point,
  cell: number,
  scheme: Scheme,
  pattern: readonly number[],
) => void

const star: Ornament = (canvas, [x, y], cell, { inks, glaze }, pattern) => {
  const [first, second, third] = inks
  const [reach = 0, waist = 0] = pattern
  const middle: Point = [x + cell, y + cell]
  canvas.path(`M${x},${y}h${cell * 0.5}L${x},${y + cell * 0.5}Z`, { fill: second })
  canvas.path(`M${x},${y}h${cell * 0.34}L${x},${y + cell * 0.34}Z`, { fill: glaze })
  canvas.path(`M${x},${y}h${cell * 0.24}L${x},${y + cell * 0.24}Z`, { fill: third })
  const rays = (outer: number, inner: number) =>
    range(16).map((ray) => polar(middle, ((ray + 1) / 16) * TURN, cell * (ray % 2 ? outer : inner)))
  canvas.polygon(rays(0.86 + reach * 0.1, 0.46 + waist * 0.12), { fill: first })
  canvas.polygon(rays(0.66, 0.36 + waist * 0.1), { fill: glaze })
  canvas.polygon(rays(0.56, 0.28), { fill: second })
  canvas.circle(middle, cell * 0.2, { fill: third })
  canvas.circle(middle, cell * 0.11, { fill: glaze })
  for (const [cx, cy] of [
    [x + cell, y],
    [x, y + cell],
  ] as const) {
    canvas.polygon(
      range(4).map((side) => polar([cx, cy], (side / 4) * TURN, cell * 0.13)),
      { fill: third },
    )
  }
}

const waves: Ornament = (canvas, [x, y], cell, { inks, glaze }, pattern) => {
  const [first, second, third] = inks
  const middle: Point = [x + cell, y + cell]
  for (const arc of range(5))
    canvas.circle(middle, cell * (0.98 - arc * 0.19), { fill: arc % 2 ? glaze : arc === 2 ? second : first })
  for (const arc of range(4))
    canvas.circle([x, y], cell * (0.5 - arc * 0.13), {
      fill: arc % 2 ? glaze : (pattern[0] ?? 0) > 0.5 ? third : second,
    })
  petals(canvas, middle, cell * 0.2, 8, third, first)
}

const rose: Ornament = (canvas, [x, y], cell, { inks, glaze }, pattern) => {
  const [first, second, third] = inks
  const [p0 = 0, p1 = 0, p2 = 0, p3 = 0, p4 = 0] = pattern
  const middle: Point = [x + cell, y + cell]
  const outer: Point = [x, y]
  canvas.circle(middle, cell * (0.78 + p0 * 0.16), {
    fill: 'none',
    stroke: first,
    'stroke-width': cell * 0.05,
  })
  canvas.circle(middle, cell * (0.68 + p0 * 0.12), {
    fill: 'none',
    stroke: second,
    'stroke-width': cell * 0.02,
  })
  petals(canvas, middle, cell * (0.5 + p1 * 0.16), p2 > 0.5 ? 8 : 12, first, second)
  canvas.circle(middle, cell * 0.2, { fill: third })
  canvas.circle(middle, cell * 0.12, { fill: glaze })
  canvas.circle(middle, cell * 0.06, { fill: first })
  canvas.circle(outer, cell * (0.26 + p3 * 0.1), { fill: p4 > 0.5 ? first : third })
  canvas.circle(outer, cell * 0.18, { fill: glaze })
  petals(canvas, outer, cell * 0.17, 8, second, first)
  for (const [cx, cy] of [
    [x + cell, y],
    [x, y + cell],
  ] as const) {
    canvas.circle([cx, cy], cell * (0.16 + p2 * 0.05), { fill: second })
    canvas.circle([cx, cy], cell * 0.1, { fill: glaze })
    canvas.circle([cx, cy], cell * 0.05, { fill: first })
  }
  if (p4 > 0.35) leaves(canvas, [x + cell * 0.34, y + cell * 0.34], cell, first, third)
}

function petals(canvas: Canvas, [x, y]: Point, long: number, count: number, fill: string, heart: string) {
  for (const petal of range(count)) {
    const transform = `rotate(${((petal + 0.5) * 360) / count} ${x} ${y})`
    const wide = (long * 2.1) / count
    canvas.path(
      `M${x},${y}C${x + wide * 1.4},${y - long * 0.45} ${x + wide},${y - long * 0.85} ${x},${y - long}C${x - wide},${y - long * 0.85} ${x - wide * 1.4},${y - long * 0.45} ${x},${y}Z`,
      { fill, transform },
    )
    canvas.ellipse([x, y - long * 0.6], wide * 0.28, long * 0.2, { fill: heart, transform })
  }
}

function leaves(canvas: Canvas, place: Point, cell: number, stem: string, tip: string) {
  for (const side of [-1, 1]) {
    const along = polar(place, TURN / 8 + side * (TURN / 4), cell * 0.17)
    const turn = 45 + side * 90
    canvas.ellipse(along, cell * 0.12, cell * 0.04, {
      fill: stem,
      transform: `rotate(${turn} ${along[0]} ${along[1]})`,
    })
  }
  canvas.circle(place, cell * 0.045, { fill: tip })
}

/** Four tiles, one rose: the icon. */
export const roseMark: Scene = (canvas) => lay(canvas, 50)
