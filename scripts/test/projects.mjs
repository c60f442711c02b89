import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { ROOT } from '../packages.mjs'

/** The projects of vitest.config.ts, what each needs, and which files are its alone or once more. */
const PROJECTS = [
  { name: 'embedded', needs: 'nothing but Node', isHere: () => true, suffixes: [] },
  { name: 'server', needs: 'PostgreSQL 15', isHere: hasPostgres, suffixes: ['.db.test', '.pg.test'] },
  { name: 's3', needs: 'an S3 server (Ceph)', isHere: hasCeph, suffixes: ['.s3.test'] },
  { name: 'browser', needs: 'Chromium', isHere: () => hasPrograms('chromium'), suffixes: ['.browser.test'] },
]

export const projectsHere = () => PROJECTS.filter(({ isHere }) => isHere()).map(({ name }) => name)

/** What this machine lacks, and how many tests wait for it. */
export const leftOut = () =>
  PROJECTS.filter(({ isHere }) => !isHere())
    .map(({ needs, suffixes }) => ({ needs, tests: countTests(suffixes) }))
    .filter(({ tests }) => tests > 0)

function hasPostgres() {
  const installations = '/usr/lib/postgresql'
  return existsSync(installations) && readdirSync(installations).some((version) => Number(version) >= 15)
}

function hasCeph() {
  return hasPrograms('ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph')
}

function hasPrograms(...names) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/sbin']
  return names.every((name) => folders.some((folder) => existsSync(path.join(folder, name))))
}

/** As they are written, without running them: a table of cases counts once. */
function countTests(suffixes) {
  const isWanted = (file) => suffixes.some((suffix) => new RegExp(`${suffix}\\.tsx?$`).test(file))
  const files = ['src', 'test', 'scripts', 'bench'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true }).map((file) => path.join(ROOT, folder, file)),
  )
  const texts = files.filter(isWanted).map((file) => readFileSync(file, 'utf8'))
  return texts.reduce((count, text) => count + (text.match(/^\s*(test|it)(\.\w+)*\(/gm)?.length ?? 0), 0)
}
