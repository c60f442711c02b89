// Node 20 reads no TypeScript, and hundreds of small modules make a slow start: the source is bundled once for each
// state it is in. Run by itself, it bundles ahead of the first start.
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundleClient, CLIENT_SOURCE } from './build-client.mjs'
import { ROOT } from './packages.mjs'
import { say } from './say.mjs'

const BUILDER = fileURLToPath(import.meta.url)
const CLIENT_BUILDER = path.join(path.dirname(BUILDER), 'build-client.mjs')
const SOURCE = path.join(ROOT, 'src')
const CACHE = path.join(ROOT, 'node_modules/.cache/creatorflix-builds')
/** Servers that run may load a part of an older one yet. */
const KEPT_BUILDS = 8

/** The command line, ready to be imported: its address as a URL. */
export async function builtCli() {
  const folder = await builtFolder(stateOf(SOURCE), bundle)
  return pathToFileURL(path.join(folder, 'cli.js')).href
}

/** The folder of what browsers run, for a source that runs without being bundled: tests and benchmarks. */
const builtClient = () => builtFolder(`client-${stateOf(CLIENT_SOURCE)}`, bundleClient)

async function builtFolder(state, makeBundle) {
  const folder = path.join(CACHE, state)
  if (existsSync(folder)) return folder

  const draft = draftFolder()
  await makeBundle(draft).catch((error) => {
    rmSync(draft, { recursive: true })
    console.error(error.message)
    console.error('The source could not be bundled, for the reason above.')
    process.exit(1)
  })
  if (!draft.startsWith(CACHE)) return draft
  try {
    // Made for its maker alone; whoever runs the program may be another user, as in a container.
    chmodSync(draft, 0o755)
    renameSync(draft, folder)
  } catch (error) {
    // Another process was quicker with the same.
    rmSync(draft, { recursive: true })
    if (!existsSync(folder)) throw error
  }
  removeOldBuilds()
  return folder
}

function stateOf(source) {
  const hash = createHash('sha256')
  const builders = [BUILDER, CLIENT_BUILDER, path.join(ROOT, 'package-lock.json')]
  for (const file of builders) hash.update(readFileSync(file))
  for (const file of sourceFiles(source)) hash.update(file).update(readFileSync(path.join(source, file)))
  return hash.digest('hex').slice(0, 16)
}

const sourceFiles = (source) =>
  readdirSync(source, { recursive: true })
    .filter((file) => /\.(tsx?|css|json)$/.test(file) && !file.includes('.test.'))
    .sort()

/** Where the installation may not be written to, a bundle lasts as long as its process. */
function draftFolder() {
  try {
    mkdirSync(CACHE, { recursive: true })
    return mkdtempSync(path.join(CACHE, 'draft-'))
  } catch {
    const folder = mkdtempSync(path.join(tmpdir(), 'creatorflix-build-'))
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
    return folder
  }
}

async function bundle(outdir) {
  const { build } = await import('esbuild')
  await bundleClient(path.join(outdir, 'client'))
  await build({
    entryPoints: [path.join(SOURCE, 'cli.ts')],
    outdir,
    absWorkingDir: ROOT,
    tsconfig: path.join(ROOT, 'tsconfig.json'),
    bundle: true,
    // What is imported later stays a file of its own, and is not read before.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // Of a CommonJS package that is imported later, esbuild would export nothing but its default.
    mainFields: ['module', 'main'],
    // Errors are told apart by the names of their classes.
    keepNames: true,
    external: ['pg-native'],
    // What was compiled for this machine lies beside the bundle.
    loader: { '.node': 'copy' },
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
    plugins: [clientBesideBundle, ownAddresses],
    logLevel: 'error',
  })
}

/** Files beside a module, such as migrations and threads, are found from the source, not from the bundle. */
const ownAddresses = {
  name: 'own-addresses',
  setup(build) {
    build.onLoad({ filter: /\/src\/.*\.tsx?$/ }, ({ path: file }) => {
      const text = readFileSync(file, 'utf8')
      if (file.includes('node_modules') || !text.includes('import.meta.')) return null
      const contents = text
        .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(file).href))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)))
      return { contents, loader: file.endsWith('x') ? 'tsx' : 'ts' }
    })
  },
}

/** In a bundle, what browsers run lies beside it; unbundled, it is made on demand. */
const clientBesideBundle = {
  name: 'client-beside-bundle',
  setup(build) {
    build.onLoad({ filter: /\/src\/web\/client-folder\.ts$/ }, () => ({
      contents: "export const clientFolder = () => new URL('client/', import.meta.url)",
      loader: 'ts',
    }))
  },
}

function removeOldBuilds() {
  const byAge = readdirSync(CACHE)
    .map((name) => path.join(CACHE, name))
    .sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs)
  for (const folder of byAge.slice(KEPT_BUILDS)) rmSync(folder, { recursive: true, force: true })
}

if (process.argv[1] === BUILDER) {
  if (process.argv[2] === 'client') say(await builtClient())
  else await builtCli()
}
