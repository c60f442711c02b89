import process from 'node:process'

/** One line on standard output: the results. Progress and complaints go to `console.error`. */
export const say = (text) => process.stdout.write(`${text}\n`)
