import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { ROOT } from '../packages.mjs'

const PAGE = path.join(ROOT, 'docs/benchmarks.md')
const INTRODUCTION = `# Benchmarks

What the product claims about its speed and size, each as a ratio to a peer in the same run, because bare times say
more about the machine. Written by \`npm run bench\`; one claim alone: \`npm run bench -- sync\`.
`

export const isReached = ({ ratio, limit, better }) => (better === 'higher' ? ratio >= limit : ratio <= limit)

/** As Markdown, which reads well in a terminal too. */
export function table(rows) {
  const cells = [['what', 'against', 'ratio', 'reach', 'ok'], ...rows.map(cellsOf)]
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`
  return [
    line(cells[0]),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...cells.slice(1).map(line),
  ].join('\n')
}

function cellsOf(row) {
  const reach = `${row.better === 'higher' ? '≥' : '≤'} ${row.limit}`
  return [row.what, row.against, row.ratio.toPrecision(3), reach, isReached(row) ? 'yes' : 'NO']
}

/** Rewrites the sections of what was measured and keeps those of what was not. */
export function writeResults(results) {
  const sections = existsSync(PAGE) ? sectionsOf(readFileSync(PAGE, 'utf8')) : new Map()
  for (const result of results) sections.set(result.name, sectionFor(result))
  const sorted = [...sections].sort(([left], [right]) => left.localeCompare(right))
  writeFileSync(PAGE, [INTRODUCTION, ...sorted.map(([, text]) => text)].join('\n'))
}

/** By name, each with its heading. */
function sectionsOf(page) {
  const texts = page.split(/^(?=## )/m).slice(1)
  return new Map(texts.map((text) => [text.match(/^## (.*)$/m)[1], `${text.trimEnd()}\n`]))
}

function sectionFor({ name, claim, rows }) {
  const details = rows.map(({ what, detail }) => `- ${what}: ${detail}`)
  return [`## ${name}`, '', `${claim}.`, '', table(rows), '', ...details, '', measuredOn(), ''].join('\n')
}

function measuredOn() {
  const processors = os.cpus()
  const memory = Math.round(os.totalmem() / 2 ** 30)
  const date = new Date().toISOString().slice(0, 10)
  return `Measured ${date} with Node ${process.versions.node} on ${processors.length} × ${processors[0]?.model.trim()}, ${memory} GiB.`
}
