#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=30
// A small heap that is swept more often: docs/decisions/0011.
import { existsSync } from 'node:fs'
import process from 'node:process'
import { builtCli } from '../scripts/build.mjs'

// What is set already wins over the file.
if (existsSync('.env')) process.loadEnvFile()
const { runCli } = await import(await builtCli())
process.exit(await runCli(process.argv.slice(2)))
