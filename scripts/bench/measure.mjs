// Measures one file of bench/ in this process and sends what it found to the process that started it.
import process from 'node:process'
import { pathToFileURL } from 'node:url'

const { claim, run } = await import(pathToFileURL(process.argv[2]).href)
const rows = await run()
process.send({ claim, rows }, () => process.exit(0))
