/** Notes in hertz, from the lowest up. */
export type Chord = readonly number[]

export const A_MINOR_NINE: Chord = [110, 164.81, 220, 246.94, 261.63, 329.63]
export const F_MAJOR_SEVEN: Chord = [87.31, 130.81, 220, 261.63, 329.63, 440]
export const D_SUSPENDED: Chord = [73.42, 146.83, 196, 220, 293.66, 440]
export const C_ADDED_NINE: Chord = [130.81, 196, 261.63, 293.66, 329.63, 392]

const SAMPLE_RATE = 22_050
const NOTES_A_SECOND = 2.5
const LOUDNESS = 0.16

/** The chord as soft plucked notes over a pad, as 16-bit mono WAV. */
export function playChord(chord: Chord, seconds: number): Buffer {
  const samples = Buffer.alloc(Math.round(seconds * SAMPLE_RATE) * 2)
  for (let index = 0; index < samples.length / 2; index++) {
    const at = index / SAMPLE_RATE
    const level = (pad(chord, at) + plucks(chord, at)) * fade(at, seconds) * LOUDNESS
    samples.writeInt16LE(Math.round(Math.tanh(level) * 32_767), index * 2)
  }
  return Buffer.concat([waveHeader(samples.length), samples])
}

function pad(chord: Chord, at: number): number {
  const swell = 0.7 + 0.3 * Math.sin(at * 1.3)
  return (chord.slice(0, 3).reduce((sum, hertz) => sum + tone(hertz, at), 0) / 3) * swell
}

/** The upper notes up and down, each ringing over the next ones. */
function plucks(chord: Chord, at: number): number {
  const upper = chord.slice(2)
  const walk = [...upper, ...upper.slice(1, -1).reverse()]
  const current = Math.floor(at * NOTES_A_SECOND)
  return [current, current - 1, current - 2, current - 3].reduce((sum, start) => {
    if (start < 0) return sum
    const since = at - start / NOTES_A_SECOND
    const envelope = Math.min(since * 80, 1) * Math.exp(-since * 3.2)
    return sum + tone((walk[start % walk.length] ?? 0) * 2, since) * envelope * 0.8
  }, 0)
}

const tone = (hertz: number, at: number) =>
  Math.sin(Math.PI * 2 * hertz * at) + 0.22 * Math.sin(Math.PI * 4 * hertz * at)

const fade = (at: number, seconds: number) => Math.min(at / 0.6, (seconds - at) / 0.9, 1)

function waveHeader(bytes: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + bytes, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(SAMPLE_RATE, 24)
  header.writeUInt32LE(SAMPLE_RATE * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(bytes, 40)
  return header
}
