#!/usr/bin/env node
import { existsSync } from 'node:fs'
import process from 'node:process'
import { register } from 'tsx/esm/api'

// What is set already wins over the file.
if (existsSync('.env')) process.loadEnvFile()
register()
const { runCli } = await import('../src/cli.ts')
process.exit(await runCli(process.argv.slice(2)))
