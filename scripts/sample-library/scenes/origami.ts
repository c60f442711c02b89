import type { Canvas, Scene } from '../canvas.ts'
import { type Colour, darker, lighter, type Palette, ramp } from '../colour.ts'
import { between, type Point, range, steps, TURN } from '../curves.ts'

const SKIES: readonly [Palette, ...Palette[]] = [
  ['#8fd0e0', '#cfe9e6', '#fdeed8'],
  ['#f6a5a0', '#fbd0b8', '#fff1dc'],
  ['#4a5aa8', '#9a8fd0', '#f3c6d8'],
  ['#12304f', '#2f6b80', '#a8d8c9'],
]
const PAPERS = ['#ff6b57', '#ffffff', '#ffd166', '#2a9d8f', '#f4a7b9', '#3d5a98', '#f28f3b'] as const

/** A flock of folded cranes; in a clip it flies. */
export const flock: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  canvas.background(canvas.linear([...random.pick(SKIES)]))
  canvas.circle([width * random.between(0.2, 0.8), height * random.between(0.2, 0.45)], unit * 19, {
    fill: '#fffaf0',
    opacity: 0.55,
  })
  for (const cloud of range(4))
    paperCloud(
      canvas,
      [
        ((random.next() + time * 0.08 * (cloud + 1)) % 1.2) * width - width * 0.1,
        height * random.between(0.15, 0.9),
      ],
      unit * random.between(10, 18),
    )
  const count = Math.round(5 + (width / height) * 3)
  for (const index of range(count)) {
    const depth = (index + 1) / count
    const x =
      width * (0.08 + 0.84 * ((0.1 + index * 0.7549 + random.between(0, 0.06)) % 1)) +
      time * unit * 14 * depth
    const y =
      height * (0.16 + 0.68 * ((index * 0.5698 + 0.2) % 1)) + Math.sin(time * TURN + index) * unit * 1.5
    crane(canvas, [x, y], unit * (7 + depth * 11), random.pick(PAPERS), index + time * TURN * 3)
  }
}

/** A single crane, large. */
export const oneCrane: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  canvas.background(canvas.linear([...random.pick(SKIES)], [0, 0], [0.4, 1]))
  canvas.circle([width / 2, height * 0.5], unit * 36, { fill: '#fffaf0', opacity: 0.5 })
  canvas.ellipse([width / 2, height * 0.86], unit * 25, unit * 2.2, {
    fill: '#20304f',
    opacity: 0.22,
    filter: canvas.blur(unit * 1.6),
  })
  crane(canvas, [width / 2, height * 0.55], unit * 35, random.pick(PAPERS), time * TURN * 2)
}

/** Cranes on threads. */
export const mobile: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  const sky = random.pick(SKIES)
  canvas.background(canvas.linear([...sky], [0, 0], [1, 1]))
  const threads = Math.round(width / unit / 15)
  for (const thread of range(threads)) {
    const sway = Math.sin(time * TURN + thread) * unit * 2
    const x = (width * (thread + 0.5)) / threads
    const cranes = random.integer(2, 4)
    const low = height * random.between(0.72, 0.94)
    canvas.line([x, 0], [x + sway, low], { stroke: '#3a3350', 'stroke-width': unit * 0.16, opacity: 0.6 })
    for (const t of steps(cranes + 1).slice(1))
      crane(
        canvas,
        between([x, 0], [x + sway, low], t),
        unit * random.between(6, 9),
        random.pick(PAPERS),
        thread + t * 4,
      )
  }
}

/** A sheet with its creases, every facet a tone. */
export const creases: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  const paper = random.pick(PAPERS.filter((colour) => colour !== '#ffffff') as [string, ...string[]])
  const cell = unit * 17
  const columns = Math.ceil(width / cell) + 2
  const rows = Math.ceil(height / cell) + 2
  const corners = Array.from({ length: columns * rows }, (_, index): Point => {
    const phase = random.next() * TURN
    const wander = time === 0 ? 0 : Math.sin(time * TURN + phase) * unit * 2.2
    return [
      ((index % columns) - 0.5) * cell + random.between(-0.33, 0.33) * cell + wander,
      (Math.floor(index / columns) - 0.5) * cell + random.between(-0.33, 0.33) * cell,
    ]
  })
  const corner = (column: number, row: number) => corners[row * columns + column] ?? canvas.centre
  for (const index of range((columns - 1) * (rows - 1))) {
    const [column, row] = [index % (columns - 1), Math.floor(index / (columns - 1))]
    const [a, b, c, d] = [
      corner(column, row),
      corner(column + 1, row),
      corner(column + 1, row + 1),
      corner(column, row + 1),
    ]
    facet(canvas, [a, b, c], paper)
    facet(canvas, [a, c, d], paper)
  }
}

/** Lit by how it leans, as if the light came from the upper left. */
function facet(canvas: Canvas, corners: readonly [Point, Point, Point], paper: Colour) {
  const [a, b, c] = corners
  const lean = Math.atan2(b[1] - a[1] + (c[1] - a[1]), b[0] - a[0] + (c[0] - a[0]))
  const light = 0.5 + 0.5 * Math.sin(lean * 2.7 + (a[0] + b[1]) * 0.004)
  const fill = ramp([darker(paper, 0.34), paper, lighter(paper, 0.5)], light)
  canvas.polygon(corners, { fill, stroke: fill, 'stroke-width': 0.8 })
}

function paperCloud(canvas: Canvas, [x, y]: Point, size: number) {
  canvas.group({ opacity: 0.55 }, () => {
    for (const [dx, dy, radius] of [
      [-0.7, 0.12, 0.5],
      [0, -0.15, 0.75],
      [0.75, 0.1, 0.55],
    ] as const) {
      canvas.circle([x + dx * size, y + dy * size], radius * size * 0.6, { fill: '#ffffff' })
    }
    canvas.rectangle(x - size * 1.05, y + size * 0.05, size * 2.15, size * 0.4, {
      fill: '#ffffff',
      rx: size * 0.2,
    })
  })
}

/** The folded crane, flying to the right; the wings follow `beat` (radians). */
function crane(canvas: Canvas, [x, y]: Point, size: number, paper: Colour, beat: number) {
  const at = (dx: number, dy: number): Point => [x + dx * size, y + dy * size]
  const fold = (corners: readonly Point[], fill: Colour) =>
    canvas.polygon(corners, { fill, stroke: fill, 'stroke-width': size * 0.006, 'stroke-linejoin': 'round' })
  const lift = 0.86 + 0.24 * Math.sin(beat)
  fold([at(0.1, 0.02), at(-0.2, 0.1), at(0.02, -lift * 0.85), at(0.26, -lift * 1.02)], darker(paper, 0.3))
  fold([at(-0.22, 0.12), at(-0.05, 0.3), at(-0.98, -0.42)], darker(paper, 0.14))
  fold([at(-0.22, 0.12), at(-0.16, 0.02), at(-0.98, -0.42)], lighter(paper, 0.2))
  fold([at(0.12, 0.1), at(0.26, 0.24), at(0.86, -0.44)], darker(paper, 0.1))
  fold([at(0.12, 0.1), at(0.2, 0.02), at(0.86, -0.44)], lighter(paper, 0.28))
  fold([at(0.86, -0.44), at(0.78, -0.35), at(1.1, -0.3)], darker(paper, 0.22))
  fold([at(-0.24, 0.08), at(0.04, 0.38), at(0.28, 0.08)], darker(paper, 0.05))
  fold([at(0.04, 0.38), at(0.28, 0.08), at(0.26, 0.26)], darker(paper, 0.24))
  fold([at(-0.22, 0.08), at(0.24, 0.08), at(-0.5, -lift)], paper)
  fold([at(-0.22, 0.08), at(-0.02, 0.08), at(-0.5, -lift)], lighter(paper, 0.36))
}
