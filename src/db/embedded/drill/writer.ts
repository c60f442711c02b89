import { openEmbedded } from '../open.ts'

// Opens the database in the folder named on the command line, then writes until it is killed: transactions of two
// rows each, and after each commit its number goes to the parent, which is all that was promised to anybody.
const folder = process.argv[2] ?? ''

process.send?.('started')
const { client } = await openEmbedded(folder)
await client.exec('create table if not exists written (number int primary key, half int not null)')
const { rows } = await client.query<{ last: number }>('select coalesce(max(number), 0) as last from written')
process.send?.('opened')

for (let number = (rows[0]?.last ?? 0) + 1; ; number += 2) {
  await client.transaction(async (tx) => {
    await tx.query('insert into written values ($1, 1)', [number])
    await tx.query('insert into written values ($1, 2)', [number + 1])
  })
  process.send?.(number)
}
