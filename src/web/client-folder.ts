import { execFileSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const BUILDER = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))

/** Where the bundled files for browsers lie. In the bundled program this module is replaced: they lie beside it. */
export function clientFolder(): URL {
  const folder = execFileSync(process.execPath, [BUILDER, 'client'], { encoding: 'utf8' }).trim()
  return pathToFileURL(`${folder}/`)
}
