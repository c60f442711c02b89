import type { Canvas, Scene } from '../canvas.ts'
import { type Colour, mix, type Palette, ramp } from '../colour.ts'
import { brushStroke, curveThrough, type Point, polar, range, steps, TURN } from '../curves.ts'
import { smoothNoise } from '../noise.ts'

const NIGHT = '#0b1420'
const AMBER = '#ffb454'

interface Light {
  sky: Palette
  sun: Palette
  sand: Palette
}

const LIGHTS: readonly [Light, ...Light[]] = [
  {
    sky: ['#16314a', '#4b4a70', '#c8626b', '#f7a45c', '#ffd98f'],
    sun: ['#fff3cf', '#ffc46b'],
    sand: ['#e28a4e', '#b4533f', '#6b2c38', '#2a1626'],
  },
  {
    sky: ['#1c7f8a', '#7cc0ae', '#f3e2b3', '#f8cf8e'],
    sun: ['#fffdf0', '#fff0c4'],
    sand: ['#efb872', '#d98450', '#a84d36', '#5a2a2a'],
  },
  {
    sky: ['#070b1e', '#1a1f4a', '#4a3a78', '#9a5f92'],
    sun: ['#ffffff', '#dfe0ff'],
    sand: ['#6f5c94', '#463f74', '#272a55', '#0d1028'],
  },
  {
    sky: ['#3b1030', '#a3263f', '#f0583f', '#ffae5e'],
    sun: ['#fff2c0', '#ffd166'],
    sand: ['#c2453a', '#84283c', '#4b1734', '#1d0a1e'],
  },
]

/** A long shot in the desert: a large sun over dunes, one walker with a long shadow. */
export const dunes: Scene = (canvas) => {
  const { width, height, random, time, unit } = canvas
  const light = random.pick(LIGHTS)
  canvas.background(canvas.linear([...light.sky]))
  const sun: Point = [width * random.between(0.3, 0.7), height * (0.56 - time * 0.16)]
  canvas.glow(sun, unit * 75, light.sky.at(-1) ?? AMBER, 0.6)
  canvas.circle(sun, unit * random.between(11, 19), { fill: canvas.linear([...light.sun]) })

  const noise = smoothNoise(random)
  for (const layer of range(4)) {
    const crest = (x: number) =>
      height * (0.6 + layer * 0.1 + 0.07 * noise(x * (1.6 - layer * 0.2) + layer * 9, layer))
    const points = steps(13).map((t): Point => [t * width * 1.1, crest(t)])
    const shade = ramp(light.sand, layer / 3)
    canvas.path(`${curveThrough(points)}V${height}H0Z`, {
      fill: canvas.linear(
        [mix(shade, light.sun[1] ?? AMBER, 0.3), shade, mix(shade, '#180a18', 0.4)],
        [0, 0],
        [0.5, 1],
      ),
    })
    if (layer === 1) walker(canvas, [width * (0.3 + time * 0.05), crest(0.272 + time * 0.045)], unit * 7)
  }
  letterbox(canvas)
}

function walker(canvas: Canvas, [x, y]: Point, size: number) {
  const shadow = canvas.linear([
    ['#1c0f1c', 0.55],
    ['#1c0f1c', 0],
  ])
  canvas.polygon(
    [
      [x - size * 0.1, y],
      [x + size * 0.1, y],
      [x - size * 0.5, y + size * 2],
      [x - size, y + size * 2],
    ],
    {
      fill: shadow,
    },
  )
  const coat: Point[] = [
    [x, y - size * 0.85],
    [x - size * 0.03, y - size * 0.4],
    [x - size * 0.02, y],
  ]
  canvas.path(
    brushStroke(coat, (t) => size * (0.14 + t * 0.16)),
    { fill: '#1c0f1c' },
  )
  canvas.circle([x + size * 0.01, y - size * 0.97], size * 0.1, { fill: '#1c0f1c' })
}

function letterbox(canvas: Canvas) {
  if (canvas.height > canvas.width || canvas.width > canvas.height * 2) return
  const bar = canvas.height * 0.075
  canvas.rectangle(0, 0, canvas.width, bar, { fill: '#05070a' })
  canvas.rectangle(0, canvas.height - bar, canvas.width, bar, { fill: '#05070a' })
}

/** A rainy street at night: lamps in perspective, lit windows, their light on the wet ground. */
export const wetStreet: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  const horizon = height * 0.56
  const vanishing: Point = [width * random.between(0.4, 0.6), horizon]
  const air = random.pick(['#2c5870', '#5a3f78', '#2d6a55', '#7a4038'])
  canvas.background(canvas.linear([NIGHT, mix(NIGHT, air, 0.5), air, mix(NIGHT, air, 0.2), '#070d15']))
  canvas.glow(vanishing, unit * 55, mix(air, '#bfe9f2', 0.5), 0.5)

  for (const side of [-1, 1]) houses(canvas, vanishing, side, air)
  canvas.polygon([vanishing, [width * 1.4, height], [-width * 0.4, height]], {
    fill: canvas.linear([
      [mix(air, '#9fd4e0', 0.25), 0.9],
      [mix(NIGHT, air, 0.25), 0.9],
      ['#0a131d', 1],
    ]),
  })
  for (const depth of [0.16, 0.27, 0.46, 0.8]) {
    for (const side of [-1, 1]) lamp(canvas, vanishing, side, depth)
  }
  for (const drop of range(70)) {
    const x = random.next() * width
    const y = ((random.next() + time * (3 + (drop % 3))) % 1) * height
    const length = unit * random.between(2, 6)
    canvas.line([x, y], [x - length * 0.18, y + length], {
      stroke: '#bfe3ee',
      'stroke-width': unit * 0.14,
      opacity: 0.3,
    })
  }
  letterbox(canvas)
}

function houses(canvas: Canvas, [vx, vy]: Point, side: number, air: Colour) {
  const { random, width, height } = canvas
  for (const depth of [0.22, 0.36, 0.6, 1]) {
    const near = vx + side * width * 0.62 * depth
    const tall = height * 0.62 * depth * random.between(0.8, 1.15)
    const left = side > 0 ? near : near - width * 0.4
    const wall = mix(air, '#09121c', depth)
    canvas.rectangle(left, vy - tall, width * 0.4, tall + height * depth * 0.12, { fill: wall })
    for (const window of range(18)) {
      if (!random.chance(0.28)) continue
      const x = near + side * width * depth * (0.05 + 0.07 * (window % 3))
      const y = vy - tall * (0.88 - 0.14 * Math.floor(window / 3))
      canvas.rectangle(x, y, width * 0.024 * depth, height * 0.05 * depth, {
        fill: random.pick([AMBER, '#ffd89a', '#e0794a']),
        opacity: 0.85,
      })
    }
  }
}

function lamp(canvas: Canvas, [vx, vy]: Point, side: number, depth: number) {
  const { width, height, unit } = canvas
  const x = vx + side * width * 0.5 * depth
  const foot = vy + height * 0.42 * depth
  const head: Point = [x - side * width * 0.05 * depth, vy - height * 0.5 * depth]
  const post = curveThrough([
    [x, foot],
    [x, vy - height * 0.35 * depth],
    [x - side * width * 0.012 * depth, vy - height * 0.49 * depth],
    head,
  ])
  canvas.path(post, {
    fill: 'none',
    stroke: '#05090f',
    'stroke-width': unit * 1.6 * depth,
    'stroke-linecap': 'round',
  })
  canvas.glow(head, unit * 42 * depth, AMBER, 0.75)
  canvas.circle(head, unit * 2.2 * depth, { fill: '#fff0cf' })
  canvas.ellipse([head[0], foot + height * 0.06 * depth], width * 0.035 * depth, height * 0.2 * depth, {
    fill: canvas.radial([
      [AMBER, 0.6],
      [AMBER, 0],
    ]),
  })
}

/** The dark hall: a bright screen, the projector's beam, rows of heads. */
export const screening: Scene = (canvas) => {
  const { width, height, random, unit, time } = canvas
  canvas.background(canvas.linear(['#1a0f18', '#25111c', '#0a0609']))
  const screen = { x: width * 0.14, y: height * 0.16, width: width * 0.72, height: height * 0.42 }
  canvas.glow([width / 2, screen.y + screen.height / 2], width * 0.6, '#ff8f5a', 0.4)
  canvas.rectangle(screen.x, screen.y, screen.width, screen.height, {
    fill: canvas.linear(['#27566b', '#e9795d', '#ffd28a']),
  })
  const sun: Point = [screen.x + screen.width * (0.3 + time * 0.3), screen.y + screen.height * 0.62]
  canvas.circle(sun, screen.height * 0.2, { fill: '#fff1cc' })
  const noise = smoothNoise(random)
  for (const layer of range(3)) {
    const floor = screen.y + screen.height
    const hills = steps(12).map(
      (t): Point => [
        screen.x + t * screen.width,
        floor -
          screen.height * (0.38 - layer * 0.11 + 0.09 * noise(t * 4 + layer * 8 + time * (layer + 1) * 0.5)),
      ],
    )
    canvas.path(`${curveThrough(hills)}V${floor}H${screen.x}Z`, {
      fill: ramp(['#b24a52', '#5e2b45', '#231a33'], layer / 2),
    })
  }
  const lens: Point = [width * 0.5, -height * 0.12]
  const beam = canvas.linear([
    ['#ffe7bd', 0.34 + 0.05 * Math.sin(time * TURN * 7)],
    ['#ffe7bd', 0.03],
  ])
  canvas.polygon(
    [lens, [screen.x + screen.width, screen.y + screen.height], [screen.x, screen.y + screen.height]],
    { fill: beam, style: 'mix-blend-mode:screen' },
  )
  for (const row of range(4))
    audience(
      canvas,
      height * (0.74 + row * 0.085),
      unit * (4.4 + row * 1.7),
      mix('#4a2533', '#0a0508', row / 3),
    )
}

function audience(canvas: Canvas, y: number, size: number, colour: Colour) {
  const { width, height, random } = canvas
  const offset = random.next() * size
  for (let x = -size + offset; x < width + size * 2; x += size * 2.3) {
    canvas.path(
      `M${x - size},${height}V${y + size * 0.7}Q${x - size},${y} ${x},${y}T${x + size},${y + size * 0.7}V${height}Z`,
      { fill: colour },
    )
    if (random.chance(0.75)) {
      canvas.circle(
        [x + random.between(-0.2, 0.2) * size, y - size * random.between(0.1, 0.35)],
        size * 0.52,
        { fill: mix(colour, '#000000', 0.25) },
      )
    }
  }
}

/** A film reel, cut from paper. */
export const reel: Scene = (canvas) => {
  const { centre, unit, time, random } = canvas
  const [ground, disc] = random.pick([
    ['#f2a24b', '#13283b'],
    ['#13283b', '#f2a24b'],
    ['#d9583b', '#fbe3bd'],
  ])
  canvas.background(
    canvas.linear([mix(ground, '#ffffff', 0.12), ground, mix(ground, '#30121c', 0.25)], [0, 0], [1, 1]),
  )
  canvas.circle([centre[0] + unit * 2, centre[1] + unit * 3], unit * 37, {
    fill: '#000000',
    opacity: 0.2,
    filter: canvas.blur(unit * 2),
  })
  canvas.circle(centre, unit * 37, { fill: disc })
  canvas.circle(centre, unit * 34.5, {
    fill: 'none',
    stroke: ground,
    'stroke-width': unit * 0.6,
    opacity: 0.6,
  })
  for (const hole of range(5)) {
    canvas.circle(polar(centre, (hole / 5 + time * 0.4) * TURN - Math.PI / 2, unit * 21), unit * 9.4, {
      fill: ground,
    })
  }
  canvas.circle(centre, unit * 5, { fill: ground })
  for (const pin of range(3))
    canvas.circle(polar(centre, (pin / 3 + time * 0.4) * TURN, unit * 8), unit * 1.1, { fill: ground })
}
