import type { Canvas, Scene } from '../canvas.ts'
import { type Colour, darker, lighter, mix, type Palette, ramp } from '../colour.ts'
import { brushStroke, curveThrough, type Point, polar, range, steps, TURN } from '../curves.ts'

const PAPERS = ['#f6efdf', '#efe6d2', '#f3ebe0', '#e8ebdc'] as const
const GREENS: Palette = ['#26493a', '#3f6b4b', '#6f8f57', '#a3b26c']
const PETALS = ['#d9573f', '#e9a13b', '#c2487a', '#7c5aa6', '#f0c8b8', '#e46a78'] as const

/** A spray of paired leaves; in a clip it grows. */
export const branch: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  paper(canvas)
  const lean = random.between(-0.12, 0.12)
  const long = height * 0.78
  const stem = (t: number): Point => [width * (0.5 + lean * Math.sin(t * 3)), height * 0.9 - long * t]
  const grown = time === 0 ? 1 : time
  const pairs = random.integer(5, 7)
  const shape = random.pick([0.24, 0.31, 0.4])
  const flower = random.pick(PETALS)
  canvas.path(
    brushStroke(
      steps(14).map((t) => stem(t * grown)),
      (t) => unit * (1.3 - t),
    ),
    { fill: '#5b5a3a' },
  )
  for (const pair of range(pairs)) {
    const t = 0.14 + (0.76 * pair) / pairs
    const open = clamp((grown - t) * 5)
    if (open === 0) continue
    for (const side of [-1, 1]) {
      const size = unit * (29 - 14 * t) * open
      leaf(
        canvas,
        stem(t + side * 0.012),
        size,
        -90 + side * (66 - t * 20) + random.between(-7, 7),
        ramp(GREENS, random.next()),
        shape,
      )
    }
  }
  if (grown > 0.85) blossom(canvas, stem(0.97), unit * 10 * clamp((grown - 0.85) * 7), flower)
}

/** The frond of a fern, uncurling at the tip. */
export const fern: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  paper(canvas)
  const side = random.pick([-1, 1])
  const sway = Math.sin(time * TURN) * 0.025
  const spine = (t: number): Point => [
    width * (0.5 - side * 0.2 + side * (0.42 + sway) * t ** 1.7),
    height * (0.94 - 0.84 * t),
  ]
  const tone = random.next() * 0.5
  for (const t of steps(24).slice(1, -1)) {
    const here = spine(t)
    const ahead = spine(Math.min(t + 0.02, 1.02))
    const heading = (Math.atan2(ahead[1] - here[1], ahead[0] - here[0]) * 180) / Math.PI
    const size = unit * 31 * Math.sin(Math.PI * (0.14 + t * 0.83)) ** 0.9
    for (const turn of [-1, 1])
      leaf(canvas, here, size, heading + turn * (70 - t * 22), ramp(GREENS, tone + t * 0.5), 0.17)
  }
  canvas.path(
    brushStroke(steps(20).map(spine), (t) => unit * (1.2 - t)),
    { fill: '#4c5a35' },
  )
}

/** A monstera leaf with its windows. */
export const monstera: Scene = (canvas) => {
  const { width, height, random, unit } = canvas
  paper(canvas)
  for (const [dx, dy, size, turn] of [
    [0.16, 0.1, 30, 28],
    [-0.05, -0.06, 44, -14],
  ] as const) {
    const [x, y] = [width * (0.5 + dx), height * (0.52 + dy)]
    const foot: Point = [width * 0.5, height * 0.97]
    canvas.path(
      brushStroke(
        steps(6).map((t): Point => [x + (foot[0] - x) * t ** 0.7, y + (foot[1] - y) * t]),
        () => unit * 1.1,
      ),
      { fill: '#5d7a48' },
    )
    splitLeaf(canvas, [x, y], unit * size, turn, ramp(GREENS, random.between(0.1, 0.6)))
  }
}

function splitLeaf(canvas: Canvas, [x, y]: Point, size: number, degrees: number, colour: Colour) {
  const half = (sign: 1 | -1): Point[] =>
    range(37).map((index): Point => {
      const t = index / 36
      const width = Math.sin(Math.PI * t ** 0.72) ** 0.8 * 0.82
      const slit = index % 6 === 5 && t > 0.15 && t < 0.9 ? 0.38 : 1
      return [
        x + sign * size * width * slit,
        y + size * (0.55 - t * 1.6) + size * 0.3 * width * (1 - t) * (slit < 1 ? 0.2 : 1),
      ]
    })
  canvas.group({ transform: `rotate(${degrees} ${x} ${y})` }, () => {
    for (const sign of [1, -1] as const) {
      canvas.path(`${curveThrough(half(sign))}Z`, {
        fill: canvas.linear(
          [lighter(colour, sign > 0 ? 0.24 : 0.06), darker(colour, sign > 0 ? 0.02 : 0.25)],
          [0, 0],
          [1, 1],
        ),
      })
      for (const t of [0.2, 0.34, 0.48, 0.62, 0.76]) {
        const from: Point = [x, y + size * (0.5 - t * 1.45)]
        const reach = size * 0.66 * Math.sin(Math.PI * t ** 0.8)
        canvas.path(
          curveThrough([
            from,
            [x + sign * reach * 0.55, from[1] - size * 0.06],
            [x + sign * reach, from[1] - size * 0.04],
          ]),
          { fill: 'none', stroke: lighter(colour, 0.45), 'stroke-width': size * 0.01, opacity: 0.7 },
        )
      }
    }
    canvas.line([x, y + size * 0.55], [x, y - size * 1.03], {
      stroke: lighter(colour, 0.5),
      'stroke-width': size * 0.018,
    })
  })
}

/** One open flower, seen from the front. */
export const bloom: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  paper(canvas)
  const place: Point = [width * 0.5, height * 0.42]
  const stem = steps(8).map(
    (t): Point => [place[0] + Math.sin(t * 3) * unit * 5, place[1] + t * height * 0.52],
  )
  canvas.path(
    brushStroke(stem, (t) => unit * (1 + t * 0.8)),
    { fill: '#55703f' },
  )
  for (const side of [-1, 1]) {
    leaf(
      canvas,
      stem[side > 0 ? 4 : 5] ?? place,
      unit * random.between(26, 34),
      side > 0 ? -28 : 208,
      ramp(GREENS, random.next()),
      0.34,
    )
  }
  blossom(canvas, place, unit * (30 + Math.sin(time * TURN) * 1.4), random.pick(PETALS))
}

/** A page of small studies. */
export const herbarium: Scene = (canvas) => {
  const { width, height, unit } = canvas
  paper(canvas)
  const columns = Math.round(width / unit / 24)
  const rows = Math.round(height / unit / 30)
  for (const index of range(columns * rows)) {
    const place: Point = [
      (width * ((index % columns) + 0.5)) / columns,
      (height * (Math.floor(index / columns) + 0.5)) / rows,
    ]
    study(canvas, place, unit * 20)
  }
}

function study(canvas: Canvas, [x, y]: Point, size: number) {
  const { random } = canvas
  const colour = ramp(GREENS, random.next())
  const kind = random.integer(0, 2)
  if (kind === 0)
    leaf(
      canvas,
      [x, y + size * 0.6],
      size * 1.2,
      -90 + random.between(-14, 14),
      colour,
      random.between(0.3, 0.55),
    )
  else if (kind === 1) {
    for (const t of steps(5))
      for (const side of [-1, 1])
        leaf(canvas, [x, y + size * (0.5 - t)], size * (0.6 - t * 0.28), -90 + side * 58, colour, 0.38)
    canvas.line([x, y + size * 0.75], [x, y - size * 0.5], {
      stroke: '#5b5a3a',
      'stroke-width': size * 0.035,
      'stroke-linecap': 'round',
    })
  } else {
    canvas.line([x, y + size * 0.75], [x, y - size * 0.1], {
      stroke: '#55703f',
      'stroke-width': size * 0.045,
      'stroke-linecap': 'round',
    })
    leaf(canvas, [x, y + size * 0.5], size * 0.5, -35, colour, 0.34)
    blossom(canvas, [x, y - size * 0.2], size * 0.42, random.pick(PETALS))
  }
}

function paper(canvas: Canvas) {
  const colour = canvas.random.pick(PAPERS)
  canvas.background(
    canvas.radial([lighter(colour, 0.35), colour, mix(colour, '#b79f78', 0.28)], [0.45, 0.4], 0.85),
  )
}

/** A leaf that starts at `foot` and points where `degrees` says; `fullness` is its width by its length. */
function leaf(
  canvas: Canvas,
  [x, y]: Point,
  size: number,
  degrees: number,
  colour: Colour,
  fullness: number,
) {
  const wide = size * fullness
  const upper = `M${x},${y}C${x + size * 0.25},${y - wide} ${x + size * 0.7},${y - wide * 0.8} ${x + size},${y}Z`
  const lower = `M${x},${y}C${x + size * 0.25},${y + wide} ${x + size * 0.7},${y + wide * 0.8} ${x + size},${y}Z`
  canvas.group({ transform: `rotate(${degrees.toFixed(1)} ${x} ${y})` }, () => {
    canvas.path(upper, {
      fill: canvas.linear([lighter(colour, 0.22), lighter(colour, 0.05)], [0, 0], [1, 1]),
    })
    canvas.path(lower, { fill: canvas.linear([colour, darker(colour, 0.28)], [0, 0], [1, 1]) })
    canvas.line([x, y], [x + size, y], {
      stroke: lighter(colour, 0.5),
      'stroke-width': Math.max(size * 0.012, 0.6),
      opacity: 0.8,
    })
    if (fullness < 0.22) return
    for (const t of steps(7).slice(1, -1)) {
      for (const side of [-1, 1]) {
        const reach = wide * 0.62 * Math.sin(Math.PI * t)
        canvas.line([x + size * t * 0.86, y], [x + size * (t * 0.86 + 0.13), y + side * reach], {
          stroke: lighter(colour, 0.4),
          'stroke-width': Math.max(size * 0.006, 0.5),
          opacity: 0.5,
        })
      }
    }
  })
}

function blossom(canvas: Canvas, place: Point, size: number, colour: Colour) {
  const { random } = canvas
  const petals = random.pick([5, 6, 8, 13])
  const turn = random.next() * 360
  for (const layer of range(2)) {
    for (const petal of range(petals)) {
      const degrees = turn + ((petal + layer / 2) * 360) / petals
      const long = size * (1 - layer * 0.3)
      const wide = (long * 2.4) / petals + long * 0.12
      const [x, y] = place
      const d = `M${x},${y}C${x + wide},${y - long * 0.35} ${x + wide * 0.9},${y - long} ${x},${y - long}C${x - wide * 0.9},${y - long} ${x - wide},${y - long * 0.35} ${x},${y}Z`
      canvas.path(d, {
        fill: canvas.linear([lighter(colour, 0.35 + layer * 0.1), colour, darker(colour, 0.28)]),
        stroke: darker(colour, 0.2),
        'stroke-width': size * 0.008,
        'stroke-opacity': 0.5,
        transform: `rotate(${degrees.toFixed(1)} ${x} ${y})`,
      })
      canvas.line(place, polar(place, ((degrees - 90) / 360) * TURN, long * 0.72), {
        stroke: darker(colour, 0.35),
        'stroke-width': size * 0.01,
        opacity: 0.35,
      })
    }
  }
  for (const dot of range(26))
    canvas.circle(polar(place, dot * 2.4, size * 0.035 * Math.sqrt(dot) * 1.25), size * 0.032, {
      fill: random.pick(['#f2c14e', '#8a5a1f', '#d9972f']),
    })
}

const clamp = (value: number) => Math.min(Math.max(value, 0), 1)
