import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'

/** One folder for the embedded databases of a run, gone with it. */
export default async function makeEmbeddedGround(project: TestProject) {
  const folder = await mkdtemp(path.join(tmpdir(), 'creatorflix-embedded-'))
  project.provide('embeddedFolder', folder)
  return () => rm(folder, { recursive: true, force: true })
}
