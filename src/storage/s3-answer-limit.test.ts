import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { S3Failure } from '#src/storage/s3-failure.ts'
import { openS3Store } from '#src/storage/s3-store.ts'

const FILLING = Buffer.alloc(1024 * 1024, '<Contents><Key>x/p/1.jpg</Key></Contents>')

let close = async () => {}
afterEach(() => close())

async function bucketThat(answers: RequestListener) {
  const server = createServer(answers).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const store = await openS3Store({
    bucket: 'films',
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accessKeyId: 'test',
    secretAccessKey: 'test',
    prefix: '',
    linkSeconds: 60,
    patience: { attempts: 1, requestMilliseconds: 10_000, pauseMilliseconds: 0 },
  })
  close = async () => {
    await store.close()
    server.close()
    server.closeAllConnections()
  }
  return store
}

/** Writes until the other side has enough, and says how many MiB that took. */
function endless(status: number, written: { mebibytes: number }): RequestListener {
  return (_, response) => {
    response.writeHead(status)
    const write = () => {
      do written.mebibytes++
      while (written.mebibytes < 256 && !response.destroyed && response.write(FILLING))
    }
    response.on('drain', write)
    write()
  }
}

test.each([200, 500])('an answer of status %i without an end is not read to its end', async (status) => {
  const written = { mebibytes: 0 }
  const bucket = await bucketThat(endless(status, written))
  const failure = await bucket.ping().catch((error: unknown) => error)

  expect(failure).toBeInstanceOf(S3Failure)
  expect(failure).toMatchObject({ reason: 'garbled', message: expect.stringContaining('more than 16 MiB') })
  expect(written.mebibytes).toBeLessThan(100)
})

test('a film may be as long as it is', async () => {
  const bucket = await bucketThat((_, response) => {
    response.writeHead(200, { 'Content-Length': String(20 * FILLING.length) })
    for (let part = 0; part < 20; part++) response.write(FILLING)
    response.end()
  })
  let length = 0
  for await (const part of (await bucket.read('x/p/film.mp4')) ?? []) length += (part as Buffer).length
  expect(length).toBe(20 * FILLING.length)
})
