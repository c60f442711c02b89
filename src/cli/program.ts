import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { addAdmin } from './admin.ts'
import type { CommandContext } from './command-context.ts'
import { addCreators } from './creators.ts'
import { addDelete } from './delete.ts'
import { addDoctor } from './doctor.ts'
import { addErd } from './erd.ts'
import { addGateways } from './gateways.ts'
import { addImpact } from './impact.ts'
import { addJobs } from './jobs.ts'
import { addMembers } from './members.ts'
import { addMigrate } from './migrate.ts'
import type { Output } from './output.ts'
import { addPlans } from './plans.ts'
import { addSandbox } from './sandbox.ts'
import { addSettings } from './settings.ts'
import { addStart } from './start.ts'
import { addSupport } from './support.ts'
import { addSync } from './sync.ts'
import { addTakedowns } from './takedowns.ts'

/** The whole command line, speaking through `context`. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command('creatorflix')
    .description('Turns a bucket of photos and videos into a streaming site under your own brand.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'explain the command')
    .helpCommand('help [command]', 'explain a command')
    .exitOverride()
    .configureOutput(speakThrough(context.output))
    .showHelpAfterError('See --help.')

  addStart(program, context)
  addMigrate(program, context)
  addSync(program, context)
  addSettings(program, context)
  addCreators(program, context)
  addTakedowns(program, context)
  addSupport(program, context)
  addAdmin(program, context)
  addPlans(program, context)
  addMembers(program, context)
  addJobs(program, context)
  addGateways(program, context)
  addSandbox(program, context)
  addDoctor(program, context)
  addErd(program, context)
  addImpact(program, context)
  addDelete(program, context)
  return program
}

function speakThrough({ stdout, stderr }: Output) {
  return {
    writeOut: (text: string) => stdout.write(text),
    writeErr: (text: string) => stderr.write(text),
    outputError: (text: string, write: (text: string) => void) => write(sentence(text)),
    getOutHelpWidth: () => stdout.columns,
    getErrHelpWidth: () => stderr.columns,
    getOutHasColors: () => stdout.isTerminal,
    getErrHasColors: () => stderr.isTerminal,
  }
}

/** `error: unknown option '--quick'` → `Unknown option '--quick'`. */
const sentence = (text: string) => text.replace(/^error: (.)/, (_, first: string) => first.toUpperCase())

function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
}
