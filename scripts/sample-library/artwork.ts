import type { CanvasSize, Scene } from './canvas.ts'
import type { Chord } from './sound.ts'

/** What lies under one key of the library. */
export type Artwork = Picture | Clip | Note

export interface Picture {
  kind: 'picture'
  scene: Scene
  size: CanvasSize
  /** Another take of the same scene: a different throw of the dice. */
  take: number
}

export interface Clip {
  kind: 'clip'
  scene: Scene
  size: CanvasSize
  take: number
  seconds: number
  /** Silent without one. */
  chord: Chord | null
}

export interface Note {
  kind: 'note'
  text: string
}

const pictureOf =
  (width: number, height: number) =>
  (scene: Scene, take = 1): Picture => ({ kind: 'picture', scene, size: { width, height }, take })

export const landscape = pictureOf(1080, 720)
export const portrait = pictureOf(840, 1120)
export const square = pictureOf(900, 900)
export const small = pictureOf(480, 480)
export const icon = pictureOf(256, 256)
export const banner = pictureOf(1500, 500)

const clipOf =
  (width: number, height: number) =>
  (scene: Scene, seconds: number, chord: Chord | null = null, take = 1): Clip => ({
    kind: 'clip',
    scene,
    size: { width, height },
    take,
    seconds,
    chord,
  })

export const wideClip = clipOf(640, 360)
export const tallClip = clipOf(432, 768)
export const squareClip = clipOf(480, 480)
export const oldClip = clipOf(320, 240)

export const note = (text: string): Note => ({ kind: 'note', text })
