import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

export const ROOT = path.resolve(import.meta.dirname, '..')
const STAGING = '.installing'
export const BIN = path.join(ROOT, 'node_modules/.bin')

/**
 * Installs what the lockfile names and is not there: for running alone, or everything. What somebody installed for
 * development is never taken away.
 */
export function installPackages({ forDevelopment }) {
  const missing = missingPackages({ forDevelopment })
  if (missing.length === 0) return
  const everything = forDevelopment || hasDevelopmentPackages()
  console.error(`Installing ${missing.length} packages${everything ? '' : ' that running needs'} …`)
  const folder = stagingFolder()
  const { status } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...(everything ? [] : ['--omit=dev'])],
    {
      cwd: folder,
      // Left to itself, npm takes more memory than the product that it installs.
      env: everything
        ? process.env
        : { ...process.env, NODE_OPTIONS: '--max-old-space-size=320 --max-semi-space-size=1' },
      // What npm says belongs to the progress, not to the result.
      stdio: ['ignore', 2, 2],
    },
  )
  if (status !== 0) {
    console.error('The packages could not be installed: npm says why above. Then start again.')
    process.exit(1)
  }
  if (!everything) removeSourceMaps(path.join(folder, 'node_modules'))
  exchange(folder)
}

/** Packages are put together here, so that a site that runs from this clone keeps its own until the new ones are whole. */
function stagingFolder() {
  const folder = path.join(ROOT, STAGING)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(path.join(ROOT, file), path.join(folder, file))
  return folder
}

/** What was built stays: a site that runs may load a part of it yet. */
function exchange(folder) {
  const installed = path.join(ROOT, 'node_modules')
  const fresh = path.join(folder, 'node_modules')
  const built = path.join(installed, '.cache')
  if (existsSync(built)) renameSync(built, path.join(fresh, '.cache'))
  if (existsSync(installed)) renameSync(installed, path.join(folder, 'replaced'))
  renameSync(fresh, installed)
  rmSync(folder, { recursive: true })
}

/** A quarter of what is installed, read by debuggers alone. */
function removeSourceMaps(packages) {
  for (const file of readdirSync(packages, { recursive: true })) {
    if (file.endsWith('.map')) rmSync(path.join(packages, file))
  }
}

/** npm keeps beside the packages what it installed; it is written last, so a broken-off install shows. */
function missingPackages({ forDevelopment }) {
  const wanted = Object.entries(readLock('package-lock.json')).filter(
    ([place, { dev, optional, devOptional }]) =>
      place !== '' && !optional && (forDevelopment || !(dev || devOptional)),
  )
  const installed = installedPackages()
  return wanted.filter(([place, { version }]) => installed[place]?.version !== version)
}

function hasDevelopmentPackages() {
  return Object.values(installedPackages()).some(({ dev }) => dev)
}

function installedPackages() {
  const record = 'node_modules/.package-lock.json'
  return existsSync(path.join(ROOT, record)) ? readLock(record) : {}
}

const readLock = (file) => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8')).packages
