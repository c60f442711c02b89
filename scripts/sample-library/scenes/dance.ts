import type { Canvas, Scene } from '../canvas.ts'
import { mix, type Palette, ramp } from '../colour.ts'
import { brushStroke, curveThrough, type Point, range, steps, TURN } from '../curves.ts'
import { smoothNoise } from '../noise.ts'

const SILKS: readonly [Palette, ...Palette[]] = [
  ['#ff5d6c', '#ff9a76', '#ffe0b0'],
  ['#5b4bd6', '#c05fd6', '#ffb3d1'],
  ['#0f8f8c', '#59cfb2', '#f3f0b8'],
  ['#f0473e', '#b01d5c', '#4d1a6b'],
  ['#ffd36b', '#ff8a5b', '#d9417d'],
]
const INK = '#170f1f'

/** Veils of fine threads, flying. */
export const veils: Scene = (canvas) => {
  const { width, height, random } = canvas
  const light = random.chance(0.35)
  canvas.background(
    light
      ? canvas.radial(['#fff8ef', '#f3e2d3'], [0.5, 0.4], 0.8)
      : canvas.radial(['#33203f', INK], [0.5, 0.45], 0.75),
  )
  const silk = random.pick(SILKS)
  for (const [index, offset] of [-0.16, 0.16].entries()) {
    const across = height > width ? 'down' : 'across'
    veil(canvas, { silk: index ? random.pick(SILKS) : silk, offset, across, light })
  }
}

interface Veil {
  silk: Palette
  /** From the middle, as a fraction of the side it crosses. */
  offset: number
  across: 'across' | 'down'
  light: boolean
}

function veil(canvas: Canvas, { silk, offset, across, light }: Veil) {
  const { width, height, random, unit, time } = canvas
  const noise = smoothNoise(random)
  const threads = 90
  for (const thread of range(threads)) {
    const t = thread / threads
    const points = steps(14).map((s): Point => {
      const sway = noise(s * 2.3 + Math.cos(time * TURN) * 0.35, 4 + Math.sin(time * TURN) * 0.35) * 0.3
      const twist = Math.sin(s * 5.2 + t * 2.6 + time * TURN) * 0.13 * t
      const fold = (t - 0.5) * 0.42 * Math.cos(s * 4.1 + offset * 9 + Math.sin(time * TURN) * 0.4)
      const reach = 0.5 + offset + sway + twist + fold
      const along = -0.08 + s * 1.16
      return across === 'down' ? [width * reach, height * along] : [width * along, height * reach]
    })
    canvas.path(curveThrough(points), {
      fill: 'none',
      stroke: ramp(silk, t),
      'stroke-width': unit * 0.42,
      opacity: light ? 0.5 : 0.62,
      ...(light ? {} : { style: 'mix-blend-mode:screen' }),
    })
  }
}

/** Where a dancer's joints are, as fractions of the dancer's height from the hips; y grows downwards. */
interface Pose {
  head: Point
  spine: readonly Point[]
  arms: readonly (readonly Point[])[]
  legs: readonly (readonly Point[])[]
}

const ARABESQUE: Pose = {
  head: [0.13, -0.4],
  spine: [
    [0, 0.02],
    [0.03, -0.12],
    [0.085, -0.24],
    [0.105, -0.33],
  ],
  arms: [
    [
      [0.09, -0.27],
      [0.2, -0.33],
      [0.32, -0.41],
      [0.42, -0.45],
    ],
    [
      [0.07, -0.26],
      [-0.04, -0.3],
      [-0.16, -0.28],
      [-0.25, -0.24],
    ],
  ],
  legs: [
    [
      [0.02, 0],
      [0.02, 0.16],
      [0.0, 0.3],
      [0.02, 0.5],
    ],
    [
      [0, 0],
      [-0.16, -0.05],
      [-0.3, -0.11],
      [-0.52, -0.21],
    ],
  ],
}
const LEAP: Pose = {
  head: [0.05, -0.4],
  spine: [
    [0, 0.02],
    [-0.005, -0.12],
    [0.0, -0.24],
    [0.03, -0.33],
  ],
  arms: [
    [
      [0.03, -0.27],
      [0.14, -0.36],
      [0.24, -0.45],
      [0.3, -0.54],
    ],
    [
      [0, -0.27],
      [-0.13, -0.32],
      [-0.26, -0.33],
      [-0.36, -0.3],
    ],
  ],
  legs: [
    [
      [0.02, 0],
      [0.18, 0.01],
      [0.32, 0.05],
      [0.52, 0.1],
    ],
    [
      [-0.02, 0],
      [-0.18, 0.02],
      [-0.33, 0.03],
      [-0.53, -0.03],
    ],
  ],
}
const REACH: Pose = {
  head: [-0.11, -0.4],
  spine: [
    [0, 0.02],
    [0.02, -0.12],
    [-0.02, -0.25],
    [-0.07, -0.33],
  ],
  arms: [
    [
      [-0.04, -0.27],
      [-0.12, -0.37],
      [-0.15, -0.52],
      [-0.08, -0.64],
    ],
    [
      [-0.02, -0.26],
      [0.11, -0.27],
      [0.22, -0.22],
      [0.32, -0.25],
    ],
  ],
  legs: [
    [
      [0.01, 0],
      [-0.03, 0.17],
      [-0.07, 0.31],
      [-0.09, 0.5],
    ],
    [
      [0.01, 0],
      [0.14, 0.12],
      [0.2, 0.28],
      [0.33, 0.46],
    ],
  ],
}
const POSES = [ARABESQUE, LEAP, REACH] as const

/** A dancer and the silk that the movement leaves in the air. */
export const dancer: Scene = (canvas) => {
  const { width, height, random, unit } = canvas
  const silk = random.pick(SILKS)
  const [pale] = [mix(silk.at(-1) ?? '#ffffff', '#fff8ef', 0.72)]
  canvas.background(canvas.linear([pale, mix(pale, silk[0], 0.22)]))
  canvas.circle([width * 0.5, height * 0.44], unit * 37, {
    fill: canvas.linear([silk[1] ?? silk[0], silk.at(-1) ?? silk[0]]),
    opacity: 0.85,
  })
  const hips: Point = [width * 0.5, height * 0.52]
  skirt(canvas, hips, silk)
  figure(canvas, random.pick(POSES), hips, Math.min(height * 0.72, width * 0.86))
  canvas.ellipse([hips[0], height * 0.93], unit * 28, unit * 1.6, {
    fill: INK,
    opacity: 0.16,
    filter: canvas.blur(unit * 1.2),
  })
}

function skirt(canvas: Canvas, [x, y]: Point, silk: Palette) {
  const { random, unit, time } = canvas
  const side = random.pick([-1, 1])
  const noise = smoothNoise(random)
  const threads = 80
  for (const thread of range(threads)) {
    const t = thread / threads
    const points = steps(9).map((s): Point => {
      const swing = Math.sin(s * 3.4 + t * 2 + time * TURN) * unit * 7 * s
      const away = side * unit * s * (18 + t * 38)
      return [
        x + away + swing * 0.5,
        y + unit * s ** 1.3 * (34 - t * 44) + swing + noise(s * 2, t * 2 + 5) * unit * 9 * s,
      ]
    })
    canvas.path(curveThrough(points), {
      fill: 'none',
      stroke: ramp(silk, t),
      'stroke-width': unit * 0.7,
      opacity: 0.55,
    })
  }
}

function figure(canvas: Canvas, pose: Pose, [x, y]: Point, size: number) {
  const placed = (points: readonly Point[]) => points.map(([dx, dy]): Point => [x + dx * size, y + dy * size])
  const limb = (points: readonly Point[], thick: number, thin: number) =>
    canvas.path(
      brushStroke(placed(points), (t) => size * (thick + (thin - thick) * t)),
      { fill: INK, stroke: INK, 'stroke-width': size * 0.006, 'stroke-linejoin': 'round' },
    )
  for (const leg of pose.legs) limb(leg, 0.085, 0.022)
  limb(pose.spine, 0.1, 0.06)
  for (const arm of pose.arms) limb(arm, 0.042, 0.014)
  const [head] = placed([pose.head])
  if (!head) return
  canvas.ellipse(head, size * 0.04, size * 0.052, { fill: INK })
  canvas.circle([head[0] - size * 0.035, head[1] - size * 0.035], size * 0.024, { fill: INK })
}

/** Paper-cut arcs that circle one another. */
export const orbit: Scene = (canvas) => {
  const { centre, unit, random, time } = canvas
  const silk = random.pick(SILKS)
  canvas.background(canvas.radial(['#3b2548', INK], [0.5, 0.5], 0.75))
  for (const ring of range(34)) {
    const t = ring / 34
    const tilt = t * 180 + Math.sin(time * TURN + t * 3) * 12
    canvas.ellipse(
      centre,
      unit * (16 + t * 28),
      unit * (5 + 14 * Math.sin(t * Math.PI + time * Math.PI) ** 2 + t * 8),
      {
        fill: 'none',
        stroke: ramp(silk, t),
        'stroke-width': unit * 0.4,
        opacity: 0.8,
        transform: `rotate(${tilt} ${centre[0]} ${centre[1]})`,
        style: 'mix-blend-mode:screen',
      },
    )
  }
}

/** The leaping dancer on a disc, for the icon. */
export const leapMark: Scene = (canvas) => {
  const { width, height, unit } = canvas
  canvas.background(canvas.linear(['#ff8a76', '#d9417d'], [0, 0], [1, 1]))
  canvas.circle([width / 2, height * 0.5], unit * 36, { fill: '#ffe6c9' })
  figure(canvas, LEAP, [width / 2, height * 0.58], unit * 80)
}
