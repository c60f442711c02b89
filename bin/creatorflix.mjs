#!/usr/bin/env node
import { existsSync } from 'node:fs'
import process from 'node:process'
import { builtCli } from '../scripts/build.mjs'

// What is set already wins over the file.
if (existsSync('.env')) process.loadEnvFile()
const { runCli } = await import(await builtCli())
process.exit(await runCli(process.argv.slice(2)))
