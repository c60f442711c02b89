import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Artwork, Clip } from './artwork.ts'
import { type Creator, catalogue } from './catalogue.ts'
import { FRAMES_A_SECOND, writeClip, writePicture } from './encode.ts'
import { LARGEST_LIBRARY_BYTES, LIBRARY, libraryFiles } from './library.ts'
import { openStudio, type Studio } from './studio.ts'

/** Draws the whole sample library anew, or the creators whose folder is named on the command line. */
async function drawLibrary(wanted: readonly string[]) {
  const creators = wanted.length === 0 ? catalogue : wanted.map(creatorNamed)
  const studio = await openStudio()
  for (const { folder, files } of creators) {
    await rm(path.join(LIBRARY, folder), { recursive: true, force: true })
    for (const [name, artwork] of Object.entries(files)) {
      await draw(studio, `${folder}/${name}`, artwork)
    }
    process.stdout.write(`${folder}: ${Object.keys(files).length} files\n`)
  }
  await studio.close()
  await checkSize()
}

function creatorNamed(wanted: string): Creator {
  const found = catalogue.find(({ folder }) => folder === wanted)
  if (!found) throw new Error(`${wanted}: no creator of catalogue.ts has this folder`)
  return found
}

async function draw(studio: Studio, key: string, artwork: Artwork) {
  const file = path.join(LIBRARY, key)
  await mkdir(path.dirname(file), { recursive: true })
  if (artwork.kind === 'note') return writeFile(file, artwork.text)

  const seed = `${key} ${artwork.take}`
  if (artwork.kind === 'clip') return writeClip(file, artwork, frames(studio, seed, artwork))
  return writePicture(file, await studio.photograph(artwork.scene, artwork.size, seed))
}

async function* frames(studio: Studio, seed: string, { scene, size, seconds }: Clip) {
  const count = Math.round(seconds * FRAMES_A_SECOND)
  // Starting after 0: time 0 is that of a picture, in which nothing is on its way.
  for (let frame = 1; frame <= count; frame++) yield studio.photograph(scene, size, seed, frame / count)
}

async function checkSize() {
  const sizes = [...(await libraryFiles()).values()]
  const bytes = sizes.reduce((sum, size) => sum + size, 0)

  process.stdout.write(`${sizes.length} files, ${(bytes / 1_000_000).toFixed(2)} MB\n`)
  if (bytes > LARGEST_LIBRARY_BYTES) {
    throw new Error('The sample library outgrew its 4.6 MB: lower a quality in encode.ts')
  }
}

await drawLibrary(process.argv.slice(2))
