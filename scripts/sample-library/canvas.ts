import type { Colour } from './colour.ts'
import { linesThrough, type Point } from './curves.ts'
import { Random } from './random.ts'

/** SVG presentation attributes. */
export type Style = Record<string, string | number>

/** Draws one picture, or the frame of a clip at `canvas.time`. */
export type Scene = (canvas: Canvas) => void

/** Something SVG accepts as `fill` or `stroke`. */
type Paint = string

/** A colour, or a colour and its opacity. */
type Stop = Colour | readonly [Colour, number]

export interface CanvasSize {
  /** Pixels. */
  width: number
  height: number
}

/**
 * Collects shapes in painting order and gives them as one SVG document.
 * Every frame of a clip starts from the same `random`, so that only what depends on `time` moves.
 */
export class Canvas {
  readonly width: number
  readonly height: number
  /** A hundredth of the shorter side: sizes in it look the same at every format. */
  readonly unit: number
  /** How far the clip has come, from 0 to 1; 0 in a picture. */
  readonly time: number
  readonly random: Random
  #markup: string[] = []
  #definitions = 0

  constructor(size: CanvasSize, seed: string, time = 0) {
    this.width = size.width
    this.height = size.height
    this.unit = Math.min(size.width, size.height) / 100
    this.time = time
    this.random = new Random(seed)
  }

  get centre(): Point {
    return [this.width / 2, this.height / 2]
  }

  /** A gradient across the painted shape; `from` and `to` in fractions of its box, top to bottom unless told. */
  linear(stops: readonly Stop[], from: Point = [0, 0], to: Point = [0, 1]): Paint {
    const ends = `x1="${from[0]}" y1="${from[1]}" x2="${to[0]}" y2="${to[1]}"`
    return this.#define((id) => `<linearGradient id="${id}" ${ends}>${stopsMarkup(stops)}</linearGradient>`)
  }

  /** A gradient from the centre (in fractions of the shape's box) outwards. */
  radial(stops: readonly Stop[], centre: Point = [0.5, 0.5], radius = 0.5): Paint {
    const circle = `cx="${centre[0]}" cy="${centre[1]}" r="${radius}"`
    return this.#define((id) => `<radialGradient id="${id}" ${circle}>${stopsMarkup(stops)}</radialGradient>`)
  }

  /** A value for `filter` that blurs by so many pixels. */
  blur(pixels: number): string {
    const region = 'x="-100%" y="-100%" width="300%" height="300%"'
    return this.#define(
      (id) => `<filter id="${id}" ${region}><feGaussianBlur stdDeviation="${pixels}"/></filter>`,
    )
  }

  /** A value for `clip-path` that keeps only what lies within the path. */
  clip(path: string): string {
    return this.#define((id) => `<clipPath id="${id}"><path d="${path}"/></clipPath>`)
  }

  background(fill: Paint) {
    this.rectangle(0, 0, this.width, this.height, { fill })
  }

  rectangle(x: number, y: number, width: number, height: number, style: Style) {
    this.#add('rect', { x, y, width, height, ...style })
  }

  circle([cx, cy]: Point, r: number, style: Style) {
    this.#add('circle', { cx, cy, r, ...style })
  }

  ellipse([cx, cy]: Point, rx: number, ry: number, style: Style) {
    this.#add('ellipse', { cx, cy, rx, ry, ...style })
  }

  path(d: string, style: Style) {
    this.#add('path', { d, ...style })
  }

  polygon(points: readonly Point[], style: Style) {
    this.path(linesThrough(points, true), style)
  }

  line(from: Point, to: Point, style: Style) {
    this.path(linesThrough([from, to]), { fill: 'none', ...style })
  }

  /** A soft disc of light. */
  glow(centre: Point, radius: number, colour: Colour, opacity = 1) {
    const fill = this.radial([
      [colour, opacity],
      [colour, opacity * 0.35],
      [colour, 0],
    ])
    this.circle(centre, radius, { fill, style: 'mix-blend-mode:screen' })
  }

  group(style: Style, draw: () => void) {
    this.#markup.push(`<g${attributes(style)}>`)
    draw()
    this.#markup.push('</g>')
  }

  toString(): string {
    const box = `viewBox="0 0 ${this.width} ${this.height}" width="${this.width}" height="${this.height}"`
    return `<svg xmlns="http://www.w3.org/2000/svg" ${box}>${this.#markup.join('')}</svg>`
  }

  #add(element: string, style: Style) {
    this.#markup.push(`<${element}${attributes(style)}/>`)
  }

  #define(markup: (id: string) => string): string {
    const id = `d${this.#definitions++}`
    this.#markup.push(markup(id))
    return `url(#${id})`
  }
}

function stopsMarkup(stops: readonly Stop[]): string {
  return stops
    .map((stop, index) => {
      const [colour, opacity] = typeof stop === 'string' ? [stop, 1] : stop
      const offset = index / Math.max(stops.length - 1, 1)
      return `<stop offset="${offset}" stop-color="${colour}" stop-opacity="${opacity}"/>`
    })
    .join('')
}

function attributes(style: Style): string {
  return Object.entries(style)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? Number(value.toFixed(2)) : value}"`)
    .join('')
}
