import type { Canvas, Scene } from '../canvas.ts'
import { type Colour, darker, lighter, mix, type Palette, ramp } from '../colour.ts'
import { type Point, range, TURN } from '../curves.ts'

interface Town {
  ground: Colour
  walls: Palette
  window: Colour
}

const TOWNS: readonly [Town, ...Town[]] = [
  { ground: '#f7d9c4', walls: ['#f28f79', '#f9c784', '#fcefdc', '#e36b6b', '#7fb7be'], window: '#4a3b57' },
  { ground: '#20304f', walls: ['#3c5a8a', '#5b7db1', '#2f4470', '#7a6aa8', '#41708f'], window: '#ffd98a' },
  { ground: '#cfe3d4', walls: ['#f6f1e4', '#8cc0a4', '#f2b880', '#5e9a8b', '#e57f6a'], window: '#33504f' },
  { ground: '#e7d7ef', walls: ['#b69adb', '#f4a8c4', '#fbe8f2', '#8f7ac2', '#ffd3a8'], window: '#4b3a73' },
]

/** A town of blocks; in a clip its towers breathe. */
export const town: Scene = (canvas) => draw(canvas, { cell: 10, lowest: 0.5, highest: 3.4, trees: 0.2 })

/** The same town from closer by. */
export const block: Scene = (canvas) => draw(canvas, { cell: 16, lowest: 0.4, highest: 2.2, trees: 0.3 })

/** Nothing but stairs, up and down again around one square. */
export const stairs: Scene = (canvas) => {
  const { width, height, unit, random, time } = canvas
  const { ground, walls } = random.pick(TOWNS)
  const flight = random.integer(3, 6)
  canvas.background(ground)
  const cell = unit * 7.5
  const field = Math.floor(Math.min(width * 0.97, height * 1.25) / cell)
  const middle: Point = [
    Math.round(field * random.between(0.3, 0.7)),
    Math.round(field * random.between(0.3, 0.7)),
  ]
  forEachCell(field, (column, row) => {
    const away = Math.max(Math.abs(column - middle[0]), Math.abs(row - middle[1]))
    const level = Math.abs(((away + time * flight * 2) % (flight * 2)) - flight)
    const colour = ramp(walls, level / flight)
    box(canvas, ground3d(canvas, cell, column, row, field), cell, level * cell * 0.5 + cell, colour)
  })
}

function draw(
  canvas: Canvas,
  { cell: size, lowest, highest, trees }: { cell: number; lowest: number; highest: number; trees: number },
) {
  const { width, height, unit, random, time } = canvas
  const colours = random.pick(TOWNS)
  canvas.background(canvas.linear([lighter(colours.ground, 0.15), colours.ground]))
  const cell = unit * size
  // A banner shows a strip out of the middle of the town, anything else all of it.
  const field = Math.floor((width > height * 2 ? width : Math.min(width * 1.15, height * 1.3)) / cell)
  forEachCell(field, (column, row) => {
    const place = ground3d(canvas, cell, column, row, field)
    const kind = random.next()
    const base = random.between(lowest, highest) ** 1.15
    const colour = random.pick(colours.walls)
    const phase = random.next()
    if (column % 4 === 0 || row % 5 === 0) return road(canvas, place, cell, colours)
    if (kind < trees) return tree(canvas, place, cell, colours, phase)
    const breath = 1 + 0.3 * Math.sin(time * TURN + phase * TURN) * (time === 0 ? 0 : 1)
    building(canvas, place, cell, base * cell * 0.75 * breath, colour, colours, phase)
  })
}

function forEachCell(field: number, visit: (column: number, row: number) => void) {
  for (let sum = 0; sum < field * 2 - 1; sum++) {
    for (let column = Math.max(0, sum - field + 1); column <= Math.min(sum, field - 1); column++)
      visit(column, sum - column)
  }
}

/** The front corner's opposite: the top of a cell's diamond on the ground. */
function ground3d(
  { width, height }: Canvas,
  cell: number,
  column: number,
  row: number,
  field: number,
): Point {
  return [width / 2 + ((column - row) * cell) / 2, height * 0.6 + ((column + row - field) * cell) / 4]
}

function diamond([x, y]: Point, cell: number): Point[] {
  return [
    [x, y],
    [x + cell / 2, y + cell / 4],
    [x, y + cell / 2],
    [x - cell / 2, y + cell / 4],
  ]
}

function road(canvas: Canvas, place: Point, cell: number, { ground }: Town) {
  canvas.polygon(diamond(place, cell), { fill: darker(ground, 0.12) })
}

function box(canvas: Canvas, [x, y]: Point, cell: number, tall: number, colour: Colour) {
  const seam = { 'stroke-width': 0.6, 'stroke-linejoin': 'round' }
  const left = darker(colour, 0.14)
  const right = darker(colour, 0.34)
  canvas.polygon(
    [
      [x - cell / 2, y + cell / 4 - tall],
      [x, y + cell / 2 - tall],
      [x, y + cell / 2],
      [x - cell / 2, y + cell / 4],
    ],
    { fill: left, stroke: left, ...seam },
  )
  canvas.polygon(
    [
      [x + cell / 2, y + cell / 4 - tall],
      [x, y + cell / 2 - tall],
      [x, y + cell / 2],
      [x + cell / 2, y + cell / 4],
    ],
    { fill: right, stroke: right, ...seam },
  )
  const roof = lighter(colour, 0.16)
  canvas.polygon(diamond([x, y - tall], cell), { fill: roof, stroke: roof, ...seam })
}

function building(
  canvas: Canvas,
  [x, y]: Point,
  cell: number,
  tall: number,
  colour: Colour,
  { window, walls }: Town,
  phase: number,
) {
  const inset = cell * 0.9
  const top: Point = [x, y + (cell - inset) / 2]
  box(canvas, top, inset, tall, colour)
  const floors = Math.floor(tall / (cell * 0.3))
  for (const floor of range(floors)) {
    const sill = top[1] - tall + cell * (0.16 + floor * 0.3)
    for (const column of [0.22, 0.62]) {
      const half = inset / 2
      const pane = (sign: -1 | 1): Point[] => {
        const from = sign < 0 ? -half + half * column : half - half * column
        const to = from - sign * half * 0.22
        const lift = (dx: number) => sill + inset / 2 - Math.abs(dx) * 0.5
        return [
          [x + from, lift(from)],
          [x + to, lift(to)],
          [x + to, lift(to) + cell * 0.14],
          [x + from, lift(from) + cell * 0.14],
        ]
      }
      canvas.polygon(pane(-1), { fill: window, opacity: 0.85 })
      canvas.polygon(pane(1), { fill: window, opacity: (floor + Math.round(phase * 9)) % 3 ? 0.5 : 0.85 })
    }
  }
  if (phase > 0.6)
    box(
      canvas,
      [x, top[1] - tall + inset * 0.14],
      inset * 0.34,
      cell * 0.16,
      walls[Math.floor(phase * 37) % walls.length] ?? colour,
    )
}

function tree(canvas: Canvas, [x, y]: Point, cell: number, colours: Town, phase: number) {
  const lawn = mix(colours.ground, '#5f9f76', 0.45)
  canvas.polygon(diamond([x, y], cell), { fill: lawn })
  const foot: Point = [x, y + cell * 0.27]
  const size = cell * (0.18 + phase * 0.1)
  canvas.ellipse([foot[0] + size * 0.5, foot[1] + size * 0.1], size, size * 0.4, {
    fill: darker(lawn, 0.4),
    opacity: 0.4,
  })
  canvas.line(foot, [foot[0], foot[1] - cell * 0.3], {
    stroke: '#6b4a3a',
    'stroke-width': cell * 0.05,
    'stroke-linecap': 'round',
  })
  const crown = mix('#4f9a76', colours.ground, 0.15)
  canvas.circle([foot[0], foot[1] - cell * 0.42], size, {
    fill: canvas.radial([lighter(crown, 0.3), crown, darker(crown, 0.35)], [0.35, 0.3], 0.75),
  })
}

/** Four blocks, for the icon. */
export const cubeMark: Scene = (canvas) => {
  const { width, height, unit } = canvas
  canvas.background(canvas.linear(['#7fb7be', '#4b8d99'], [0, 0], [1, 1]))
  const cell = unit * 38
  const [x, y] = [width / 2, height * 0.42]
  box(canvas, [x, y], cell, cell * 0.95, '#fcefdc')
  box(canvas, [x - cell / 2, y + cell / 4], cell, cell * 0.5, '#f28f79')
  box(canvas, [x + cell / 2, y + cell / 4], cell, cell * 0.25, '#f9c784')
  box(canvas, [x, y + cell / 2], cell, cell * 0.12, '#4a3b57')
}
