import type { Canvas, Scene } from '../canvas.ts'
import { type Colour, darker, lighter, mix } from '../colour.ts'
import { brushStroke, curveThrough, type Point, polar, range, steps, TURN } from '../curves.ts'
import { smoothNoise } from '../noise.ts'

const TABLES = ['#f2e4d0', '#e9c8bd', '#cfd8c9', '#f4d9a8', '#5b3a2c'] as const
const ICINGS = ['#f4a7b0', '#5a3325', '#fff3e2', '#b7d3b0', '#f2c14e', '#c66b7b'] as const
const CRUST = '#b8702f'

/** Round loaves, scored and floured, from above. */
export const loaves: Scene = (canvas) => {
  const { width, height, random, unit } = canvas
  table(canvas, random.pick(['#5b3a2c', '#e9dcc6', '#3d4a48']))
  flourDust(canvas, 150)
  const size = unit * random.between(21, 25)
  for (const place of scattered(canvas, size * 2.15)) loaf(canvas, place, size)
  canvas.rectangle(0, 0, width, height, {
    fill: canvas.linear(
      [
        ['#fff2d8', 0.16],
        ['#fff2d8', 0],
        ['#1c0f08', 0.25],
      ],
      [0, 0],
      [1, 1],
    ),
  })
}

/** Doughnuts in rows, no two iced the same. */
export const doughnuts: Scene = (canvas) => {
  const { width, height, random, unit } = canvas
  const ground = random.pick(['#f6c9c4', '#bfe0d6', '#f9dd9c', '#d9c6e8'])
  canvas.background(canvas.linear([lighter(ground, 0.3), ground], [0, 0], [1, 1]))
  const columns = Math.max(3, Math.round(width / unit / 33))
  const cell = width / columns
  const rows = Math.ceil(height / cell) + 1
  for (const index of range(columns * rows)) {
    const row = Math.floor(index / columns)
    const shift = row % 2 ? cell / 2 : 0
    doughnut(
      canvas,
      [((index % columns) + 0.5) * cell + shift - cell * 0.25, (row + 0.35) * cell * 0.94],
      cell * 0.41,
    )
  }
}

/** A layer cake on its stand. */
export const layerCake: Scene = (canvas) => {
  const { width, height, random, unit } = canvas
  const ground = random.pick(['#e9b9ae', '#b9cfc4', '#f1d69b', '#c9b7d1'])
  canvas.background(
    canvas.radial([lighter(ground, 0.45), ground, mix(ground, '#6b3a33', 0.28)], [0.5, 0.4], 0.8),
  )
  const floor = height * 0.84
  canvas.ellipse([width / 2, floor], unit * 38, unit * 4, {
    fill: '#3b1f16',
    opacity: 0.3,
    filter: canvas.blur(unit * 1.5),
  })
  stand(canvas, [width / 2, floor])
  const sponge = random.pick(['#f0cf8e', '#6b3d29', '#c8573f', '#e8b36a'])
  const cream = random.pick(['#fff5e6', '#f6c3c4', '#4a281c', '#f9e3a9'])
  const top = cakeLayers(canvas, [width / 2, floor - unit * 17], sponge, cream)
  icingDrips(canvas, [width / 2, top], unit * 27, random.pick(ICINGS))
  berries(canvas, [width / 2, top - unit * 1.5], unit * 23)
}

/** Cups from above; in a clip the milk turns. */
export const cups: Scene = (canvas) => {
  const { random, unit, width, height } = canvas
  const ground = random.pick(['#c9d6cf', '#e9c8bd', '#f1ddb8', '#35504f'])
  tiles(canvas, ground)
  const size = unit * (Math.max(width, height) > unit * 120 ? 20 : 25)
  for (const place of scattered(canvas, size * 2.7)) cup(canvas, place, size)
}

/** One large cup, for the icon and the close-up. */
export const oneCup: Scene = (canvas) => {
  tiles(canvas, canvas.random.pick(['#e9c8bd', '#c9d6cf']))
  cup(canvas, canvas.centre, canvas.unit * 33)
}

function table(canvas: Canvas, colour: Colour) {
  const { width, height, random } = canvas
  canvas.background(colour)
  const boards = 5
  for (const board of range(boards)) {
    const y = (board * height) / boards
    canvas.rectangle(0, y, width, height / boards, { fill: mix(colour, random.pick(TABLES), 0.1) })
    for (const _grain of range(7)) {
      const line = y + random.next() * (height / boards)
      canvas.path(
        curveThrough(steps(6).map((t): Point => [t * width, line + random.between(-1, 1) * height * 0.006])),
        { fill: 'none', stroke: darker(colour, 0.35), 'stroke-width': canvas.unit * 0.18, opacity: 0.35 },
      )
    }
    canvas.rectangle(0, y, width, canvas.unit * 0.35, { fill: darker(colour, 0.5), opacity: 0.5 })
  }
}

function flourDust(canvas: Canvas, grains: number) {
  const { width, height, random, unit } = canvas
  for (const _cloud of range(5)) {
    canvas.circle([random.next() * width, random.next() * height], unit * random.between(15, 30), {
      fill: canvas.radial([
        ['#fff8ec', 0.32],
        ['#fff8ec', 0],
      ]),
    })
  }
  for (const _grain of range(grains))
    canvas.circle([random.next() * width, random.next() * height], unit * random.between(0.1, 0.4), {
      fill: '#fff8ec',
      opacity: random.between(0.3, 0.8),
    })
}

/** Places on a loose honeycomb that covers the canvas. */
function scattered({ width, height, random }: Canvas, distance: number): Point[] {
  const columns = Math.ceil(width / distance) + 1
  const rows = Math.ceil(height / (distance * 0.87)) + 1
  return range(columns * rows).map((index): Point => {
    const row = Math.floor(index / columns)
    const jitter = () => random.between(-0.05, 0.05) * distance
    return [
      ((index % columns) + (row % 2 ? 0.1 : 0.6)) * distance - distance * 0.3 + jitter(),
      (row + 0.3) * distance * 0.87 + jitter(),
    ]
  })
}

function loaf(canvas: Canvas, [x, y]: Point, size: number) {
  const { random } = canvas
  const noise = smoothNoise(random)
  const edge = range(28).map((index): Point => {
    const angle = (index / 28) * TURN
    return polar([x, y], angle, size * (1 + 0.035 * noise(Math.cos(angle) * 2 + 4, Math.sin(angle) * 2 + 4)))
  })
  const outline = curveThrough(edge, true)
  canvas.path(outline, {
    fill: '#1c0f08',
    opacity: 0.5,
    filter: canvas.blur(size * 0.07),
    transform: `translate(${size * 0.09} ${size * 0.12})`,
  })
  canvas.path(outline, { fill: canvas.radial(['#e9b36a', '#cf8a41', CRUST, '#7c431b'], [0.42, 0.38], 0.62) })
  canvas.circle([x - size * 0.05, y - size * 0.06], size * 0.8, {
    fill: canvas.radial([
      ['#fff3dc', 0.6],
      ['#fff3dc', 0.28],
      ['#fff3dc', 0],
    ]),
  })
  const scores = [scoreLeaf, scoreCross, scoreSpiral]
  random.pick([scoreLeaf, ...scores])(canvas, [x, y], size, random.next() * 360)
}

type Score = (canvas: Canvas, place: Point, size: number, degrees: number) => void

const scoreLeaf: Score = (canvas, [x, y], size, degrees) => {
  canvas.group({ transform: `rotate(${degrees} ${x} ${y})` }, () => {
    cut(
      canvas,
      [
        [x, y - size * 0.72],
        [x + size * 0.03, y],
        [x, y + size * 0.72],
      ],
      size * 0.09,
    )
    for (const t of steps(6)) {
      for (const side of [-1, 1]) {
        const from = y - size * 0.5 + t * size
        const reach = size * (0.5 - Math.abs(t - 0.5) * 0.4)
        cut(
          canvas,
          [
            [x + side * size * 0.08, from],
            [x + side * reach * 0.6, from - size * 0.1],
            [x + side * reach, from - size * 0.24],
          ],
          size * 0.07,
        )
      }
    }
  })
}

const scoreCross: Score = (canvas, [x, y], size, degrees) => {
  canvas.group({ transform: `rotate(${degrees} ${x} ${y})` }, () => {
    for (const offset of [-0.36, 0, 0.36]) {
      const reach = size * (0.74 - Math.abs(offset) * 0.5)
      cut(
        canvas,
        [
          [x - reach, y + offset * size],
          [x, y + offset * size * 1.1],
          [x + reach, y + offset * size],
        ],
        size * 0.08,
      )
      cut(
        canvas,
        [
          [x + offset * size, y - reach],
          [x + offset * size * 1.1, y],
          [x + offset * size, y + reach],
        ],
        size * 0.08,
      )
    }
  })
}

const scoreSpiral: Score = (canvas, place, size, degrees) => {
  const turns = steps(34).map((t) => polar(place, (degrees / 360 + t * 2.4) * TURN, size * (0.06 + t * 0.74)))
  cut(canvas, turns, size * 0.085)
}

function cut(canvas: Canvas, points: readonly Point[], width: number) {
  const d = brushStroke(points, (t) => width * Math.sin(Math.PI * (0.06 + t * 0.88)))
  canvas.path(d, { fill: '#f6dcae', stroke: '#8a4d20', 'stroke-width': width * 0.16 })
}

function doughnut(canvas: Canvas, place: Point, radius: number) {
  const { random } = canvas
  const ring = (outer: number, inner: number) => `${circlePath(place, outer)}${circlePath(place, inner)}`
  canvas.path(ring(radius, radius * 0.3), {
    fill: '#5b2b20',
    'fill-rule': 'evenodd',
    opacity: 0.3,
    filter: canvas.blur(radius * 0.06),
    transform: `translate(${radius * 0.1} ${radius * 0.14})`,
  })
  canvas.path(ring(radius, radius * 0.3), {
    fill: canvas.radial(['#f3cd8e', '#dd9f52', '#b9722f']),
    'fill-rule': 'evenodd',
  })
  const icing = random.pick(ICINGS)
  const noise = smoothNoise(random)
  const wavy = (base: number, depth: number) =>
    curveThrough(
      range(26).map(
        (index): Point =>
          polar(place, (index / 26) * TURN, radius * (base + depth * noise(index * 0.77 + 3))),
      ),
      true,
    )
  canvas.path(`${wavy(0.84, 0.07)}${wavy(0.4, 0.04)}`, { fill: icing, 'fill-rule': 'evenodd' })
  if (random.chance(0.35)) drizzle(canvas, place, radius, lighter(icing, icing === '#fff3e2' ? 0 : 0.6))
  else sprinkles(canvas, place, radius)
  canvas.path(
    brushStroke(
      steps(9).map((t) => polar(place, Math.PI * (1.05 + t * 0.5), radius * 0.7)),
      (t) => radius * 0.09 * Math.sin(Math.PI * t),
    ),
    { fill: '#ffffff', opacity: 0.45 },
  )
}

function sprinkles(canvas: Canvas, place: Point, radius: number) {
  for (const _sprinkle of range(26)) {
    const angle = canvas.random.next() * TURN
    const from = polar(place, angle, radius * canvas.random.between(0.46, 0.74))
    canvas.line(from, polar(from, canvas.random.next() * TURN, radius * 0.08), {
      stroke: canvas.random.pick(['#ffffff', '#ffd166', '#ef6f6c', '#58b4ae', '#7d5ba6']),
      'stroke-width': radius * 0.04,
      'stroke-linecap': 'round',
    })
  }
}

function drizzle(canvas: Canvas, place: Point, radius: number, colour: Colour) {
  const zigzag = range(23).map(
    (index): Point => polar(place, (index / 22) * TURN, radius * (index % 2 ? 0.76 : 0.48)),
  )
  canvas.path(curveThrough(zigzag), {
    fill: 'none',
    stroke: colour,
    'stroke-width': radius * 0.045,
    'stroke-linecap': 'round',
  })
}

function stand(canvas: Canvas, [x, floor]: Point) {
  const { unit } = canvas
  const fill = canvas.linear(['#ffffff', '#e7ddd2', '#b9aa9c'], [0, 0], [1, 0])
  canvas.path(
    `M${x - unit * 4},${floor - unit * 16}C${x - unit * 3},${floor - unit * 8} ${x - unit * 6},${floor - unit * 3} ${x - unit * 15},${floor}H${x + unit * 15}C${x + unit * 6},${floor - unit * 3} ${x + unit * 3},${floor - unit * 8} ${x + unit * 4},${floor - unit * 16}Z`,
    { fill },
  )
  canvas.path(
    `M${x - unit * 36},${floor - unit * 19}H${x + unit * 36}Q${x + unit * 34},${floor - unit * 14.5} ${x},${floor - unit * 14.5}T${x - unit * 36},${floor - unit * 19}Z`,
    { fill },
  )
  canvas.rectangle(x - unit * 37, floor - unit * 19.6, unit * 74, unit * 1.6, {
    fill: '#fffaf2',
    rx: unit * 0.8,
  })
}

function cakeLayers(canvas: Canvas, [x, bottom]: Point, sponge: Colour, cream: Colour): number {
  const { unit } = canvas
  const half = unit * 27
  let y = bottom - unit * 2
  for (const layer of range(4)) {
    const tall = unit * 8
    canvas.rectangle(x - half, y - tall, half * 2, tall, {
      fill: layer % 2 ? sponge : lighter(sponge, 0.12),
      rx: unit,
    })
    for (const _crumb of range(46))
      canvas.circle(
        [x + canvas.random.between(-0.97, 0.97) * half, y - canvas.random.next() * tall],
        unit * 0.3,
        { fill: darker(sponge, 0.25), opacity: 0.4 },
      )
    y -= tall
    canvas.rectangle(x - half - unit * 0.7, y - unit * 2.2, half * 2 + unit * 1.4, unit * 2.6, {
      fill: cream,
      rx: unit * 1.3,
    })
    y -= unit * 1.8
  }
  canvas.rectangle(x - half, y, half * 2, bottom - y, {
    fill: canvas.linear(
      [
        ['#fff6e0', 0.22],
        ['#fff6e0', 0],
        ['#2b120a', 0.38],
      ],
      [0, 0],
      [1, 0],
    ),
  })
  return y
}

function icingDrips(canvas: Canvas, [x, top]: Point, half: number, colour: Colour) {
  const { unit, random } = canvas
  const count = 9
  const pieces = range(count).map((index) => {
    const [left, width] = [x + half - (index * half * 2) / count, (half * 2) / count]
    const hang = unit * random.between(4, 15)
    return `V${top + hang}a${width / 4},${width / 4} 0 0 1 ${-width / 2},0V${top + unit * 4}a${width / 4},${width / 4} 0 0 0 ${-width / 2},0M${left - width},${top}`.replace(
      /M.*/,
      '',
    )
  })
  canvas.path(`M${x - half},${top - unit * 2}H${x + half}${pieces.join('')}Z`, {
    fill: canvas.linear([lighter(colour, 0.2), colour]),
  })
  canvas.ellipse([x, top - unit * 1.4], half, unit * 2.6, { fill: lighter(colour, 0.28) })
}

function berries(canvas: Canvas, [x, y]: Point, half: number) {
  const { unit, random } = canvas
  for (const t of steps(9)) {
    const size = unit * random.between(2.8, 3.9)
    const place: Point = [x + (t * 2 - 1) * half, y - size * 0.75 - random.between(0, 1) * unit]
    const colour = random.pick(['#b3203a', '#d2434a', '#3a3566', '#7b1f45'])
    canvas.circle(place, size, {
      fill: canvas.radial([lighter(colour, 0.45), colour, darker(colour, 0.4)], [0.35, 0.3], 0.75),
    })
    canvas.circle([place[0] - size * 0.3, place[1] - size * 0.35], size * 0.17, {
      fill: '#ffffff',
      opacity: 0.75,
    })
    if (random.chance(0.5))
      canvas.ellipse([place[0] + size * 0.5, place[1] - size], size * 0.85, size * 0.34, {
        fill: '#5d8a52',
        transform: `rotate(-35 ${place[0]} ${place[1]})`,
      })
  }
}

function tiles(canvas: Canvas, colour: Colour) {
  const { width, height, unit } = canvas
  canvas.background(colour)
  const cell = unit * 16
  for (let row = 0; row * cell < height; row++) {
    for (let column = 0; column * cell < width; column++) {
      if ((row + column) % 2)
        canvas.rectangle(column * cell, row * cell, cell, cell, { fill: lighter(colour, 0.22) })
    }
  }
  canvas.background(
    canvas.linear(
      [
        ['#fff5e0', 0.25],
        ['#fff5e0', 0],
        ['#2b1a10', 0.22],
      ],
      [0, 0],
      [1, 1],
    ),
  )
}

function cup(canvas: Canvas, place: Point, size: number) {
  const { random, time } = canvas
  const [x, y] = place
  const china = random.pick(['#fffaf0', '#3f5d5c', '#c8573f', '#f2c14e', '#2f3a40'])
  canvas.circle([x + size * 0.12, y + size * 0.16], size * 1.25, {
    fill: '#2b1a10',
    opacity: 0.35,
    filter: canvas.blur(size * 0.09),
  })
  canvas.circle(place, size * 1.25, {
    fill: canvas.linear([lighter(china, 0.25), china, darker(china, 0.12)], [0, 0], [1, 1]),
  })
  canvas.circle(place, size * 0.98, {
    fill: 'none',
    stroke: darker(china, 0.18),
    'stroke-width': size * 0.03,
    opacity: 0.5,
  })
  const handle = random.between(-0.6, 0.9)
  canvas.line(polar(place, handle, size * 0.7), polar(place, handle, size * 1.12), {
    stroke: darker(china, 0.1),
    'stroke-width': size * 0.2,
    'stroke-linecap': 'round',
  })
  canvas.circle([x + size * 0.05, y + size * 0.07], size * 0.82, {
    fill: '#1c0f08',
    opacity: 0.3,
    filter: canvas.blur(size * 0.05),
  })
  canvas.circle(place, size * 0.8, { fill: lighter(china, 0.35) })
  canvas.circle(place, size * 0.7, { fill: canvas.radial(['#a9683a', '#7c431f', '#4a2511']) })
  random.pick([rosette, swirl])(canvas, place, size * 0.66, time)
  canvas.circle(place, size * 0.7, {
    fill: canvas.linear(
      [
        ['#ffffff', 0.14],
        ['#ffffff', 0],
      ],
      [0, 0],
      [0.6, 0.8],
    ),
  })
}

type MilkArt = (canvas: Canvas, place: Point, radius: number, time: number) => void

const rosette: MilkArt = (canvas, [x, y], radius, time) => {
  const sway = Math.sin(time * TURN) * 5
  canvas.group({ transform: `rotate(${20 + sway} ${x} ${y})` }, () => {
    for (const layer of range(7)) {
      const wide = radius * (0.86 - layer * 0.115)
      const [top, tip] = [y - wide * 0.62 + layer * radius * 0.035, y + radius * (0.8 - layer * 0.07)]
      const heart = `M${x},${tip}C${x - wide * 0.5},${y + wide * 0.45} ${x - wide * 1.25},${y - wide * 0.1} ${x - wide * 0.78},${top}C${x - wide * 0.4},${top - wide * 0.28} ${x},${top} ${x},${top + wide * 0.3}C${x},${top} ${x + wide * 0.4},${top - wide * 0.28} ${x + wide * 0.78},${top}C${x + wide * 1.25},${y - wide * 0.1} ${x + wide * 0.5},${y + wide * 0.45} ${x},${tip}Z`
      canvas.path(heart, { fill: layer % 2 ? '#8a5230' : '#fbeeda' })
    }
  })
}

const swirl: MilkArt = (canvas, place, radius, time) => {
  for (const arm of range(3)) {
    const spine = steps(26).map((t) =>
      polar(place, (arm / 3 + t * 0.85 + time) * TURN, radius * (0.04 + t * 0.9)),
    )
    canvas.path(
      brushStroke(spine, (t) => radius * 0.24 * Math.sin(Math.PI * t) ** 0.7),
      { fill: '#fbeeda', opacity: 0.94 },
    )
  }
}

const circlePath = ([x, y]: Point, radius: number) =>
  `M${x - radius},${y}a${radius},${radius} 0 1 0 ${radius * 2},0a${radius},${radius} 0 1 0 ${-radius * 2},0Z`
