import { once } from 'node:events'
import type { CommandContext } from './cli/command-context.ts'
import { serveCommands } from './cli/served/serve-commands.ts'
import { startLinks } from './cli/start-links.ts'
import { warnOfMissing } from './cli/warn-of-missing.ts'
import { tellReady, tellSynced } from './cli/welcome.ts'
import { closeDeps, openDeps } from './deps.ts'
import { readEnv } from './env.ts'
import { endWithin, failureOf, prepareDatabase } from './launch.ts'
import { openLog } from './log.ts'
import { loadAgeCheck } from './services/access/load-age-check.ts'
import { provideFirstPlans } from './services/billing/first-plans.ts'
import { sweepDerivatives } from './services/derivatives/sweep.ts'
import { openOwnSandbox, seedSandbox } from './services/gateways/own-sandbox.ts'
import { appSecret } from './services/settings/app-secret.ts'
import { provideSampleLibrary } from './services/whitelabel/sample-library.ts'
import { runSync } from './services/whitelabel/sync/run-sync.ts'
import { startSyncSchedule } from './services/whitelabel/sync-schedule.ts'

/** Milliseconds that visitors and a running sync get to finish. */
const DRAIN_MS = 10_000

export interface StartOptions {
  json: boolean
  newSecret: boolean
}

/** Serves the site until the caller's signal, then drains. */
export async function main(context: CommandContext, options: StartOptions): Promise<void> {
  // Asked for at any moment from here on, also while something is being started.
  const stopped = once(context.signal, 'abort')
  const env = readEnv()
  const log = openLog(env.LOG_LEVEL)
  const secret = await appSecret(env)
  await provideSampleLibrary(env)
  // Opening takes a while, in which the other processor can read the pages.
  const [deps, { createApp }, { startServer }] = await Promise.all([
    openDeps(env, secret, log),
    import('./web/app.tsx'),
    import('./web/server.ts'),
  ])
  try {
    await prepareDatabase(deps, secret, options, context)
    await provideFirstPlans(deps.database.db)
    await seedSandbox(deps)
    const app = createApp(deps, { ageCheck: await loadAgeCheck(env) })
    const server = await startServer(app, { port: env.PORT, host: env.HOST })
    // Whoever waits already has this page before what works behind it takes the processor.
    await app.request('/', {}, { isOwnRequest: true })
    const commands = await serveCommands(deps)
    const sandbox = await openOwnSandbox(deps)
    const [{ startWorkers }, { jobHandlers, scheduleHandlers }] = await Promise.all([
      import('./jobs/workers.ts'),
      import('./services/billing/billing-jobs.ts'),
    ])
    const workers = await startWorkers(deps, jobHandlers(deps), scheduleHandlers(deps))
    await warnOfMissing(deps)
    tellReady(context.output, deps, server.port, { ...options, links: await startLinks(deps) })
    const schedule = startSyncSchedule(deps, async (startedBy, signal) => {
      const report = await runSync(deps, { startedBy, signal })
      tellSynced(context.output, report, options)
      if (report.status === 'applied') await sweepDerivatives(deps)
      return report
    })

    await Promise.race([stopped, failureOf(deps.database)]).finally(() =>
      endWithin(DRAIN_MS, [server.close(), schedule.stop(), commands.close(), workers.stop()]).then(() =>
        sandbox?.close(),
      ),
    )
    log.info('stopped')
  } finally {
    await closeDeps(deps)
  }
}
