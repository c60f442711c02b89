import type { Canvas, Scene } from '../canvas.ts'
import { type Colour, darker, lighter, mix, type Palette } from '../colour.ts'
import { curveThrough, type Point, polar, range, steps, TURN } from '../curves.ts'
import { smoothNoise } from '../noise.ts'

const WALLS: Palette = ['#e8d9c5', '#d8c3ab', '#c9d0c0', '#e6cfc0', '#b9c4c2']
const GLAZES = [
  '#b4593b',
  '#d98d5f',
  '#3f5d5c',
  '#8a9a7b',
  '#efe6d8',
  '#2f3a40',
  '#c9a24b',
  '#7f3f35',
] as const
const CLAY = '#a4573c'

/** Half the width of a pot at heights 0 (foot) to 1 (lip), as fractions of its height. */
type Profile = readonly number[]

const BOTTLE: Profile = [0.2, 0.3, 0.34, 0.31, 0.2, 0.09, 0.075, 0.085, 0.12]
const JAR: Profile = [0.22, 0.34, 0.42, 0.44, 0.41, 0.33, 0.26, 0.28]
const BOWL: Profile = [0.26, 0.28, 0.44, 0.58, 0.68, 0.75]
const MOON_JAR: Profile = [0.2, 0.36, 0.46, 0.49, 0.46, 0.36, 0.23, 0.22]
const TALL_VASE: Profile = [0.17, 0.2, 0.24, 0.27, 0.28, 0.25, 0.17, 0.13, 0.2]
const CUP: Profile = [0.3, 0.38, 0.41, 0.42, 0.43, 0.44]
const PROFILES = [BOTTLE, JAR, BOWL, MOON_JAR, TALL_VASE, CUP] as const

interface Pot {
  profile: Profile
  foot: Point
  height: number
  body: Colour
  glaze: Colour
}

/** One pot in window light. */
export const stillLife: Scene = (canvas) => {
  const { width, height, unit, random } = canvas
  const wall = random.pick(WALLS)
  const table = height * 0.76
  room(canvas, wall, table)
  const companion = random.chance(0.65)
  if (companion) {
    const side = random.pick([-1, 1])
    pot(canvas, {
      ...randomPot(canvas),
      profile: random.pick([CUP, BOWL]),
      foot: [width / 2 + side * unit * 29, table + unit * 6],
      height: unit * random.between(15, 20),
    })
  }
  const profile = random.pick([BOTTLE, JAR, MOON_JAR, TALL_VASE])
  const main: Pot = {
    ...randomPot(canvas),
    profile,
    foot: [width / 2 + (companion ? 0 : unit * 2), table + unit * 9],
    height: unit * (height > width ? random.between(50, 60) : random.between(42, 48)),
  }
  if (profile === BOTTLE || profile === TALL_VASE) twigs(canvas, [main.foot[0], main.foot[1] - main.height])
  pot(canvas, main)
}

/** The shelves of the workshop, full. */
export const shelves: Scene = (canvas) => {
  const { width, height, random, unit } = canvas
  const wall = random.pick(WALLS)
  canvas.background(canvas.linear([lighter(wall, 0.3), wall, mix(wall, '#7a5a45', 0.35)], [0, 0], [1, 1]))
  windowLight(canvas)
  const rows = height > width ? 4 : width > height * 2 ? 1 : 3
  for (const row of range(rows)) {
    const board = (height * (row + 0.93)) / rows
    const tallest = (height / rows) * 0.68
    for (let x = random.between(2, 8) * unit; x < width; ) {
      const profile = random.pick(PROFILES)
      const flat = profile === BOWL || profile === CUP
      const size = tallest * (flat ? random.between(0.3, 0.42) : random.between(0.65, 1))
      const half = Math.max(...profile) * size
      if (x + half * 2 > width) break
      pot(canvas, { ...randomPot(canvas), profile, foot: [x + half, board], height: size })
      x += half * 2 + unit * random.between(1.5, 5)
    }
    canvas.rectangle(0, board, width, unit * 2.2, { fill: canvas.linear(['#a37a55', '#7a5638']) })
    canvas.rectangle(0, board + unit * 2.2, width, unit * 4, {
      fill: canvas.linear([
        ['#3a2416', 0.35],
        ['#3a2416', 0],
      ]),
    })
  }
}

/** A glazed plate seen from above. */
export const plate: Scene = (canvas) => {
  const { width, height, centre, unit, random, time } = canvas
  const cloth = random.pick(WALLS)
  canvas.background(canvas.linear([lighter(cloth, 0.25), mix(cloth, '#6b5140', 0.25)], [0, 0], [1, 1]))
  canvas.circle([centre[0] + unit * 3, centre[1] + unit * 4], unit * 41, {
    fill: '#2b1a10',
    opacity: 0.38,
    filter: canvas.blur(unit * 3),
  })
  const [outer, inner] = [random.pick(GLAZES), random.pick(GLAZES)]
  const noise = smoothNoise(random)
  const rings = 15
  for (const ring of range(rings)) {
    const radius = unit * 41 * (1 - ring / rings)
    const edge = range(48).map((index): Point => {
      const angle = (index / 48 + time) * TURN
      const wobble = ring === 0 ? 0.15 : 1.1
      return polar(
        centre,
        angle,
        radius +
          unit *
            wobble *
            noise(Math.cos((index / 48) * TURN) * 2 + 7, Math.sin((index / 48) * TURN) * 2 + ring),
      )
    })
    const colour = mix(
      mix(outer, inner, ring / rings),
      ring % 3 === 1 ? '#fff6e6' : '#3a2114',
      ring % 3 === 1 ? 0.28 : 0.07,
    )
    canvas.path(curveThrough(edge, true), { fill: colour })
  }
  for (const _speck of range(90)) {
    canvas.circle(
      polar(centre, (random.next() + time) * TURN, unit * 39 * Math.sqrt(random.next())),
      unit * random.between(0.12, 0.5),
      { fill: '#2f1c12', opacity: 0.45 },
    )
  }
  canvas.circle(centre, unit * 41, {
    fill: canvas.linear(
      [
        ['#ffffff', 0.38],
        ['#ffffff', 0],
        ['#2b1a10', 0.34],
      ],
      [0.1, 0],
      [0.9, 1],
    ),
  })
  canvas.circle(centre, unit * 40.4, {
    fill: 'none',
    stroke: lighter(outer, 0.45),
    'stroke-width': unit * 0.7,
    opacity: 0.7,
  })
  canvas.path(`M0,0H${width}V${height * 0.3}L0,${height * 0.75}Z`, { fill: '#fff4dc', opacity: 0.09 })
}

/** Clay rising on the wheel. */
export const wheel: Scene = (canvas) => {
  const { width, height, unit, time, random } = canvas
  const wall = random.pick(WALLS)
  const table = height * 0.74
  room(canvas, wall, table)
  const foot: Point = [width / 2, table + unit * 8]
  canvas.ellipse([foot[0], foot[1] + unit * 5], unit * 40, unit * 9, { fill: '#33221a' })
  canvas.ellipse([foot[0], foot[1] + unit * 2], unit * 40, unit * 9, {
    fill: canvas.linear(['#8b8580', '#c9c2ba', '#6f6964'], [0, 0], [1, 0]),
  })
  for (const groove of [34, 27, 20])
    canvas.ellipse([foot[0], foot[1] + unit * 2], unit * groove, unit * groove * 0.225, {
      fill: 'none',
      stroke: '#5d5753',
      'stroke-width': unit * 0.3,
      opacity: 0.6,
    })
  const rise = 0.5 - 0.5 * Math.cos(time * Math.PI)
  const profile = BOWL.map((_, index) => {
    const t = index / (BOWL.length - 1)
    return at(BOWL, t) * 0.8 * (1 - rise) + at(MOON_JAR, t) * rise
  })
  const tall = unit * (22 + 32 * rise)
  pot(canvas, { profile, foot: [foot[0], foot[1] + unit * 4], height: tall, body: CLAY, glaze: CLAY })
  for (const mark of steps(9)) {
    const half = at(profile, mark) * tall
    const y = foot[1] + unit * 4 - mark * tall
    const start = Math.sin(time * TURN * 6 + mark * 5) * 0.3
    canvas.line([foot[0] + half * (start - 0.5), y], [foot[0] + half * (start + 0.5), y + unit * 0.5], {
      stroke: '#e0a184',
      'stroke-width': unit * 0.5,
      opacity: 0.35,
      'stroke-linecap': 'round',
    })
  }
}

/** One jar as a paper cut, for the icon. */
export const mark: Scene = (canvas) => {
  const { width, height, unit } = canvas
  canvas.background(canvas.linear(['#e9b48c', '#c96f4a'], [0, 0], [1, 1]))
  canvas.circle([width / 2, height * 0.47], unit * 34, { fill: '#f7e6cf' })
  pot(canvas, {
    profile: MOON_JAR,
    foot: [width / 2, height * 0.76],
    height: unit * 56,
    body: '#3f5d5c',
    glaze: '#efe6d8',
  })
}

function room(canvas: Canvas, wall: Colour, table: number) {
  const { width, height } = canvas
  canvas.background(canvas.linear([lighter(wall, 0.3), wall, mix(wall, '#6b5140', 0.4)], [0, 0], [1, 1]))
  windowLight(canvas)
  canvas.rectangle(0, table, width, height - table, {
    fill: canvas.linear(['#b08a66', '#8b6444', '#6a4831']),
  })
  canvas.rectangle(0, table, width, canvas.unit * 0.4, { fill: '#e5c7a2', opacity: 0.8 })
}

function windowLight(canvas: Canvas) {
  const { width, height, unit } = canvas
  canvas.group(
    { transform: `skewX(-18) translate(${width * 0.22} 0)`, filter: canvas.blur(unit * 0.9), opacity: 0.42 },
    () => {
      for (const pane of range(4)) {
        const [column, row] = [pane % 2, Math.floor(pane / 2)]
        canvas.rectangle(
          width * (0.08 + column * 0.24),
          height * (0.08 + row * 0.27),
          width * 0.22,
          height * 0.25,
          { fill: '#fff6df' },
        )
      }
    },
  )
}

function randomPot({ random }: Canvas): Pick<Pot, 'body' | 'glaze'> {
  const body = random.pick(GLAZES)
  return { body, glaze: random.chance(0.55) ? random.pick(GLAZES) : body }
}

function pot(canvas: Canvas, { profile, foot: [x, y], height, body, glaze }: Pot) {
  const rim = at(profile, 1) * height
  const heights = steps(profile.length * 2)
  const edge = (sign: 1 | -1) =>
    heights.map((t): Point => [x + sign * at(profile, t) * height, y - t * height])
  const outline = `${curveThrough(edge(-1))}${curveThrough(edge(1).reverse()).replace('M', 'L')}Z`
  const widest = Math.max(...profile) * height

  canvas.ellipse([x + height * 0.16, y], widest * 1.25, height * 0.045, {
    fill: '#2b1a10',
    opacity: 0.45,
    filter: canvas.blur(height * 0.025),
  })
  canvas.group({ 'clip-path': canvas.clip(outline) }, () => {
    canvas.rectangle(x - widest, y - height * 1.1, widest * 2, height * 1.2, { fill: body })
    if (glaze !== body) drips(canvas, { x, y, height, widest, glaze })
    const light = canvas.linear(
      [
        ['#fff4de', 0.1],
        ['#fff4de', 0.5],
        ['#fff4de', 0],
        ['#1f120b', 0.3],
        ['#1f120b', 0.62],
      ],
      [0, 0],
      [1, 0],
    )
    canvas.rectangle(x - widest, y - height * 1.1, widest * 2, height * 1.2, { fill: light })
    canvas.rectangle(x - widest, y - height * 0.3, widest * 2, height * 0.3, {
      fill: canvas.linear([
        ['#1f120b', 0],
        ['#1f120b', 0.3],
      ]),
    })
  })
  canvas.ellipse([x, y - height], rim, rim * 0.17, {
    fill: canvas.linear([darker(glaze, 0.62), darker(glaze, 0.3)]),
  })
  canvas.ellipse([x, y - height], rim, rim * 0.17, {
    fill: 'none',
    stroke: lighter(glaze, 0.35),
    'stroke-width': height * 0.008,
  })
}

function drips(
  canvas: Canvas,
  { x, y, height, widest, glaze }: { x: number; y: number; height: number; widest: number; glaze: Colour },
) {
  const reach = canvas.random.between(0.4, 0.62)
  const hem = steps(11).map((t, index): Point => {
    const hang = (index % 2 ? 0.07 : -0.03) * canvas.random.between(0.5, 1.6)
    return [x + (t * 2 - 1) * widest * 1.1, y - height * (1 - reach) + height * hang]
  })
  canvas.path(`${curveThrough(hem)}V${y - height * 1.2}H${x - widest * 1.1}Z`, { fill: glaze })
  canvas.path(curveThrough(hem), {
    fill: 'none',
    stroke: darker(glaze, 0.35),
    'stroke-width': height * 0.012,
    opacity: 0.5,
  })
}

function twigs(canvas: Canvas, [x, y]: Point) {
  const { random, unit } = canvas
  for (const lean of [-0.5, 0.05, 0.55]) {
    const length = unit * random.between(16, 25)
    const bend = (t: number): Point => [x + lean * length * t ** 1.6, y + unit * 3 - length * t]
    canvas.path(curveThrough(steps(6).map(bend)), {
      fill: 'none',
      stroke: '#4a3426',
      'stroke-width': unit * 0.55,
      'stroke-linecap': 'round',
    })
    for (const t of steps(7).slice(2)) {
      for (const side of [-1, 1]) {
        const [px, py] = bend(t)
        const tilt = side * 55 + lean * 40
        canvas.ellipse([px, py - unit * 2], unit * 0.9, unit * 2.3, {
          fill: random.pick(['#6f7f5c', '#8a9a7b', '#55684a']),
          transform: `rotate(${tilt} ${px} ${py})`,
        })
      }
    }
  }
}

function at(profile: Profile, t: number): number {
  const position = t * (profile.length - 1)
  const index = Math.min(Math.floor(position), profile.length - 2)
  const [low = 0, high = 0] = profile.slice(index, index + 2)
  return low + (high - low) * (position - index)
}
