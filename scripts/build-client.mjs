// What browsers run: `src/web/client`, bundled into files whose names change with their content.
import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from './packages.mjs'

export const CLIENT_SOURCE = path.join(ROOT, 'src/web/client')

/** By the name that pages use: where esbuild, or a package, has it from. */
const BUNDLES = { site: 'site.ts', gallery: 'gallery.css', player: 'player.css' }
const SERVICE_WORKER = 'service-worker.ts'

/** Writes the files and `manifest.json`, which says what each entry is called, and names the one that keeps its name. */
export async function bundleClient(outdir) {
  const { build } = await import('esbuild')
  const options = {
    absWorkingDir: ROOT,
    tsconfig: path.join(CLIENT_SOURCE, 'tsconfig.json'),
    outdir,
    bundle: true,
    minify: true,
    target: ['chrome111', 'firefox114', 'safari16.4'],
    // Licences stand in the packages; browsers need none of them.
    legalComments: 'none',
    logLevel: 'error',
  }
  const { metafile } = await build({
    ...options,
    entryPoints: Object.values(BUNDLES).map((file) => path.join(CLIENT_SOURCE, file)),
    // What a page does not need is not fetched.
    splitting: true,
    format: 'esm',
    entryNames: '[name].[hash]',
    chunkNames: '[name].[hash]',
    metafile: true,
  })
  // Its address is its identity to the browser, so it has no hash; and it is a script of its own.
  await build({ ...options, entryPoints: [path.join(CLIENT_SOURCE, SERVICE_WORKER)], format: 'iife' })
  const entries = { ...entriesOf(metafile), sprite: copyHashed(PLAYER_ICONS, outdir) }
  writeFileSync(path.join(outdir, 'manifest.json'), JSON.stringify(entries))
}

const PLAYER_ICONS = path.join(ROOT, 'node_modules/plyr/dist/plyr.svg')

function entriesOf({ outputs }) {
  const made = Object.entries(outputs).map(([file, { entryPoint }]) => [entryPoint, path.basename(file)])
  return Object.fromEntries(
    Object.entries(BUNDLES).map(([name, source]) => [
      name,
      made.find(([entry]) => entry === `src/web/client/${source}`)[1],
    ]),
  )
}

function copyHashed(file, outdir) {
  const { name, ext } = path.parse(file)
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 8).toUpperCase()
  copyFileSync(file, path.join(outdir, `${name}.${hash}${ext}`))
  return `${name}.${hash}${ext}`
}
