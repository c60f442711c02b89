import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { eq } from 'drizzle-orm'
import { PROGRAM } from '#src/cli/drill/creatorflix.ts'
import { paymentGateways } from '#src/db/schema.ts'
import { closeDeps, type Deps, openDeps } from '#src/deps.ts'
import { readEnv } from '#src/env.ts'
import { openLog } from '#src/log.ts'
import { provideFirstPlans } from '#src/services/billing/first-plans.ts'
import { sealSecrets } from '#src/services/gateways/gateway-secrets.ts'
import { migratedGround, removeGround } from '../database.ts'
import { openTestSandbox, type TestSandbox } from '../sandbox.ts'
import type { ArmMessage } from './site-process.ts'

/** Milliseconds. */
const START_MS = 30_000

const TSCONFIG = fileURLToPath(new URL('../../../tsconfig.json', import.meta.url))
const SECRET = 'an-obvious-test-secret-of-32-characters'

/** A site that sells, in processes that can be killed, and a gateway beside it that outlives them. */
export interface Shop {
  address: string
  sandbox: TestSandbox
  /** The same database, seen from the test. */
  deps: Deps
  start(): Promise<void>
  kill(): Promise<void>
  /** Whether the process is there. */
  isRunning(): boolean
  arm(message: ArmMessage): Promise<void>
  close(): Promise<void>
}

/** @param isFailable whether `arm` is of use; otherwise it is the program as owners start it, which starts sooner. */
export async function openShop({ isFailable = false } = {}): Promise<Shop> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'shop-'))
  await mkdir(path.join(folder, 'media'))
  const ground = await migratedGround()
  const sandbox = await openTestSandbox({ pausesMs: [20, 50, 100, 200, 500] })
  const port = await freePort()
  const address = `http://127.0.0.1:${port}`
  const variables = {
    APP_SECRET: SECRET,
    DATA_DIR: path.join(folder, 'data'),
    MEDIA_DIR: path.join(folder, 'media'),
    PORT: String(port),
    BASE_URL: address,
    LOG_LEVEL: 'error',
    ...(ground.DATABASE_URL && { DATABASE_URL: ground.DATABASE_URL }),
  }
  const deps = await openDeps(readEnv(variables), SECRET, openLog('silent'))
  await provideFirstPlans(deps.database.db)
  await activateSandbox(deps, sandbox)
  let child: ChildProcess | null = null

  async function start() {
    child = isFailable
      ? fork(path.join(import.meta.dirname, 'site-process.ts'), [], {
          cwd: folder,
          env: { PATH: process.env.PATH, TSX_TSCONFIG_PATH: TSCONFIG, ...variables },
          execArgv: ['--import', import.meta.resolve('tsx')],
          stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        })
      : spawn(PROGRAM, ['start'], {
          cwd: folder,
          env: { PATH: process.env.PATH, ...variables },
          stdio: ['ignore', 'ignore', 'inherit'],
        })
    child.once('exit', () => {
      child = null
    })
    await answers(`${address}/health/ready`, () => child !== null)
  }

  async function kill() {
    const dying = child
    if (!dying) return
    const ended = once(dying, 'exit')
    dying.kill('SIGKILL')
    await ended
  }

  return {
    address,
    sandbox,
    deps,
    start,
    kill,
    isRunning: () => child !== null,
    async arm(message) {
      if (!child) throw new Error('The site does not run.')
      const armed = once(child, 'message')
      child.send(message)
      await armed
    },
    async close() {
      await kill()
      await closeDeps(deps)
      await sandbox.close()
      await removeGround(ground)
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
    },
  }
}

/** Opens the gateway of this sandbox for business. */
export async function activateSandbox(deps: Deps, { secrets }: Pick<TestSandbox, 'secrets'>) {
  const [row] = await deps.database.db
    .insert(paymentGateways)
    .values({ name: 'sandbox', isActive: true })
    .returning({ id: paymentGateways.id })
  const id = row?.id ?? 0
  const { apiKey, webhookSecret, url } = secrets
  const secretKey = sealSecrets(deps, id, { apiKey, webhookSecret, ...(url && { url }) })
  await deps.database.db.update(paymentGateways).set({ secretKey }).where(eq(paymentGateways.id, id))
}

async function answers(address: string, isRunning: () => boolean) {
  const deadline = Date.now() + START_MS
  while (isRunning() && Date.now() < deadline) {
    const answer = await fetch(address).catch(() => null)
    if (answer?.ok) return
    await delay(30)
  }
  throw new Error('The site has ended, or was not ready in time.')
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}
