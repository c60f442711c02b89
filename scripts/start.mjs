// `npm start`: what running needs, then the product. Plain JavaScript, because nothing is installed yet.
import process from 'node:process'
import { installPackages } from './packages.mjs'

installPackages({ forDevelopment: false })
process.argv.splice(2, 0, 'start')
await import('../bin/creatorflix.mjs')
