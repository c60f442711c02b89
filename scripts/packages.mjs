import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'

export const ROOT = path.resolve(import.meta.dirname, '..')
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
  const { status } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...(everything ? [] : ['--omit=dev'])],
    {
      cwd: ROOT,
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
  if (!everything) removeSourceMaps()
}

/** A quarter of what is installed, read by debuggers alone. */
function removeSourceMaps() {
  const packages = path.join(ROOT, 'node_modules')
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
