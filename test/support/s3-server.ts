import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'

/** A running S3 service that checks signatures: the RADOS gateway of Ceph, an implementation that is not ours. */
export interface S3Server {
  endpoint: string
  accessKeyId: string
  secretAccessKey: string
  createBucket(name: string): Promise<void>
  put(bucket: string, key: string, body: string | Uint8Array): Promise<void>
  remove(bucket: string, key: string): Promise<void>
  close(): Promise<void>
}

const SCRIPT = fileURLToPath(import.meta.resolve('#test/support/s3-server.sh'))
const PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'curl']
const KEYS = { accessKeyId: 'TESTKEY', secretAccessKey: 'TESTSECRET' }

/** Whether the programs are there; they come with `npm run test:setup`. */
export function isS3ServerInstalled(): boolean {
  return PROGRAMS.every(isInstalled)
}

/**
 * Starts a server of its own, empty, on free ports of 127.0.0.1, ready in about ten seconds.
 * It ends with `close()` and, should that never be called, with this process.
 */
export async function startS3Server(): Promise<S3Server> {
  const missing = PROGRAMS.filter((program) => !isInstalled(program))
  if (missing.length > 0) {
    throw new Error(
      `The S3 server needs ${missing.join(', ')}: apt-get install ceph-mon ceph-osd radosgw ceph-common curl`,
    )
  }
  const folder = await mkdtemp(path.join(os.tmpdir(), 's3-server-'))
  const [gateway, monitor, oldMonitor] = await freePorts(3)
  const { accessKeyId, secretAccessKey } = KEYS
  const server = spawn('bash', [
    SCRIPT,
    folder,
    `${gateway}`,
    `${monitor}`,
    `${oldMonitor}`,
    accessKeyId,
    secretAccessKey,
  ])
  await untilReady(server)

  const endpoint = `http://127.0.0.1:${gateway}`
  const client = new S3Client({
    endpoint,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: KEYS,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  return {
    endpoint,
    ...KEYS,
    async createBucket(Bucket) {
      await client.send(new CreateBucketCommand({ Bucket }))
    },
    async put(Bucket, Key, Body) {
      await client.send(new PutObjectCommand({ Bucket, Key, Body }))
    },
    async remove(Bucket, Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }))
    },
    async close() {
      client.destroy()
      const ended = once(server, 'exit')
      server.stdin.end()
      await ended
    },
  }
}

function isInstalled(program: string) {
  const folders = (process.env.PATH ?? '').split(path.delimiter)
  return folders.some((folder) => existsSync(path.join(folder, program)))
}

async function freePorts(count: number) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = net.createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as net.AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

async function untilReady(server: ChildProcessWithoutNullStreams) {
  const complaint = text(server.stderr)
  for await (const line of createInterface({ input: server.stdout })) if (line === 'ready') return
  throw new Error(`The S3 server did not start:\n${await complaint}`)
}
