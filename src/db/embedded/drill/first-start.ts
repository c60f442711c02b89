import { openEmbedded } from '../open.ts'

// Opens the database in the folder named on the command line and tells what that took.
const began = performance.now()
const { close } = await openEmbedded(process.argv[2] ?? '')
const milliseconds = performance.now() - began
await close()
process.send?.({ milliseconds, maxRSS: process.resourceUsage().maxRSS })
process.disconnect?.()
