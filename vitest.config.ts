import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { scratchInMemory } from './test/support/scratch.ts'

const tests = (suffix: string) => `{src,test,scripts,bench}/**/*${suffix}.{ts,tsx}`

/** One more than the cores of the machine that checks: tests wait for disks, browsers and processes. Half a gigabyte each. */
const WORKERS = 3

const scratch = process.env.TMPDIR === undefined ? scratchInMemory() : null
if (scratch !== null) process.env.TMPDIR = scratch

/** Stories of the whole product take longest: begun last, one of them would keep a run waiting for a single worker. */
class StoriesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const isStory = ({ moduleId }: TestSpecification) => Number(/\/test\//.test(moduleId))
    return (await super.sort(files)).toSorted((left, right) => isStory(right) - isStory(left))
  }
}

/**
 * One list of tests on several grounds. `*.test.ts` runs on the embedded database and needs nothing but Node;
 * `*.db.test.ts` runs on it and again on a PostgreSQL server, `*.pg.test.ts` on the server alone;
 * `*.s3.test.ts` and `*.browser.test.ts` need an S3 server and Chromium.
 */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'hono/jsx' } },
  test: {
    pool: 'forks',
    maxWorkers: WORKERS,
    sequence: { sequencer: StoriesFirst },
    testTimeout: 90_000,
    hookTimeout: 120_000,
    teardownTimeout: 10_000,
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'embedded',
          include: [tests('.test')],
          exclude: [tests('.pg.test'), tests('.s3.test'), tests('.browser.test')],
          setupFiles: ['test/support/quiet-console.ts'],
          globalSetup: ['test/support/embedded-ground.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          include: [tests('.db.test'), tests('.pg.test')],
          setupFiles: ['test/support/quiet-console.ts'],
          globalSetup: ['test/support/server-ground.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 's3',
          include: [tests('.s3.test')],
          testTimeout: 60_000,
          setupFiles: ['test/support/quiet-console.ts'],
          globalSetup: ['test/support/embedded-ground.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [tests('.browser.test')],
          testTimeout: 60_000,
          setupFiles: ['test/support/quiet-console.ts'],
          globalSetup: ['test/support/embedded-ground.ts'],
        },
      },
    ],
  },
})
