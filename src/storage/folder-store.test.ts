import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Unavailable } from '#src/errors.ts'
import { openFolderStore } from '#src/storage/folder-store.ts'
import { ListingIncomplete } from '#src/storage/listing-incomplete.ts'
import type { ByteRange, ListedObject, ListOptions, MediaStore } from '#src/storage/media-store.ts'
import { HARD_KEYS } from '#test/support/hard-keys.ts'

let root: string
let store: MediaStore

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'folder-store-'))
  store = openFolderStore({ root, linkKey: Buffer.alloc(32, 1), linkSeconds: 1800 })
})
afterEach(() => rm(root, { recursive: true, force: true }))

describe('listing', () => {
  test.each([
    ['below the root', (root: string) => path.join(root, 'own/app')],
    ['there by another name', (root: string) => `${root}-link/own/app`],
    ['not made yet', (root: string) => path.join(root, 'not/yet')],
    ['somewhere else', (root: string) => path.join(root, '../own/app')],
  ])(
    'leaves out what the app keeps in a folder %s, and nothing that resembles it',
    async (place, ownFolder) => {
      await symlink(root, `${root}-link`)
      store = openFolderStore({
        root,
        ownFolder: ownFolder(root),
        linkKey: Buffer.alloc(32),
        linkSeconds: 60,
      })
      for (const key of [
        'own/app/x.webp',
        'own/app/deep/y.webp',
        'own/application/1.jpg',
        'own/1.jpg',
        'app/1.jpg',
      ])
        await put(key)
      const kept = ['app/1.jpg', 'own/1.jpg', 'own/application/1.jpg']
      const isInside = place === 'below the root' || place === 'there by another name'
      const listedKeys = (await listed()).map(({ key }) => key).toSorted()
      expect(listedKeys).toEqual(
        isInside ? kept : [...kept, 'own/app/deep/y.webp', 'own/app/x.webp'].toSorted(),
      )
      await rm(`${root}-link`)
    },
  )

  test('names every file at every depth with its size and time', async () => {
    await put('lia/2024/1.jpg', '12345')
    await put('lia/2024/deep/er/2.jpg')
    await put('.DS_Store')
    await utimes(path.join(root, 'lia/2024/1.jpg'), 0, new Date('2024-05-01T12:00:00Z'))

    const objects = await listed()
    expect(objects.map(({ key }) => key).toSorted()).toEqual([
      '.DS_Store',
      'lia/2024/1.jpg',
      'lia/2024/deep/er/2.jpg',
    ])
    expect(objects.find(({ key }) => key === 'lia/2024/1.jpg')).toMatchObject({
      isUtf8: true,
      size: 5,
      lastModified: new Date('2024-05-01T12:00:00Z'),
    })
  })

  test('is empty for an empty folder and for folders without files', async () => {
    expect(await listed()).toEqual([])
    await mkdir(path.join(root, 'lia/empty'), { recursive: true })
    expect(await listed()).toEqual([])
  })

  test('names hard names byte for byte, and each can be asked for and read', async () => {
    const keys = HARD_KEYS.filter(fitsOnDisk)
    for (const key of keys) await put(key)

    expect((await listed()).map(({ key }) => key).toSorted()).toEqual(keys.toSorted())
    for (const key of keys) {
      expect(await store.head(key), key).toMatchObject({ key, size: Buffer.byteLength(key) })
      expect(await content(key)).toBe(key)
    }
  })

  test('tells names that are not UTF-8 by their bytes', async () => {
    await mkdir(path.join(root, 'lia'))
    await writeFile(Buffer.concat([Buffer.from(`${root}/lia/`), Buffer.from([0x61, 0xff, 0x2e])]), 'x')
    expect(await listed()).toMatchObject([{ key: 'lia/a%FF.', isUtf8: false }])
  })

  test('comes in batches of at most 1,000', async () => {
    await Promise.all(Array.from({ length: 2_345 }, (_, index) => put(`lia/${index % 7}/${index}.jpg`)))
    const batches = await collect(store.list())
    expect(batches.map((batch) => batch.length)).toEqual([1_000, 1_000, 345])
    expect(new Set(batches.flat().map(({ key }) => key)).size).toBe(2_345)
  })

  test('does not follow symbolic links, nor wait for pipes, and says what it left out', async () => {
    await put('lia/1.jpg')
    await symlink('/etc', path.join(root, 'outside'))
    await symlink('1.jpg', path.join(root, 'lia/2.jpg'))
    await symlink('.', path.join(root, 'lia/itself'))
    execFileSync('mkfifo', [path.join(root, 'lia/pipe')])

    const skipped: [string, string][] = []
    const objects = await listed({ onSkip: (key, reason) => skipped.push([key, reason]) })
    expect(objects.map(({ key }) => key)).toEqual(['lia/1.jpg'])
    expect(skipped.toSorted()).toEqual([
      ['lia/2.jpg', 'symbolic link'],
      ['lia/itself', 'symbolic link'],
      ['lia/pipe', 'no regular file'],
      ['outside', 'symbolic link'],
    ])
  })

  test('changes the etag whenever content or time change', async () => {
    await put('1.jpg', 'one')
    const before = await store.head('1.jpg')
    await put('1.jpg', 'two')
    const after = await store.head('1.jpg')
    expect(after?.etag).not.toBe(before?.etag)
    expect((await listed())[0]).toEqual(after)
  })

  test('is incomplete without its root, and says which', async () => {
    await rm(root, { recursive: true })
    await expect(listed()).rejects.toThrow(ListingIncomplete)
    await expect(listed()).rejects.toMatchObject({ page: 1, prefix: root, reason: 'not found' })
    await expect(listed()).rejects.toThrow(`${root} is not there`)
  })

  test('is incomplete when a folder may not be read, never shorter', async () => {
    await put('lia/1.jpg')
    await put('secret/1.jpg')
    await asOrdinaryUser(async () => {
      await chmod(path.join(root, 'secret'), 0o000)
      await expect(listed()).rejects.toMatchObject({ reason: 'refused', page: 1 })
      await expect(listed()).rejects.toThrow(`no permission to read ${root}/secret`)
      await chmod(path.join(root, 'secret'), 0o700)
      expect(await listed()).toHaveLength(2)
    })
  })

  test('is incomplete when a folder is moved away meanwhile', async () => {
    for (let index = 0; index < 1_500; index++) await put(`lia/${index}.jpg`)
    const batches = store.list()[Symbol.asyncIterator]()
    await batches.next()
    await rename(path.join(root, 'lia'), path.join(root, 'moved'))
    await expect(exhaust(batches)).rejects.toMatchObject({ reason: 'changed meanwhile', page: 2 })
  })

  test('is incomplete when the whole root is replaced meanwhile', async () => {
    await put('lia/1.jpg')
    const batches = store.list()[Symbol.asyncIterator]()
    await batches.next()
    await rename(root, `${root}-moved`)
    await mkdir(root)
    await expect(exhaust(batches)).rejects.toMatchObject({ reason: 'changed meanwhile' })
    await rm(`${root}-moved`, { recursive: true })
  })

  test('passes over a file that is removed meanwhile', async () => {
    for (let index = 0; index < 1_500; index++) await put(`${index}.jpg`)
    const batches = store.list()[Symbol.asyncIterator]()
    const first = (await batches.next()).value as ListedObject[]
    const named = new Set(first.map(({ key }) => key))
    const unnamed = Array.from({ length: 1_500 }, (_, index) => `${index}.jpg`).filter(
      (key) => !named.has(key),
    )
    await Promise.all(unnamed.map((key) => rm(path.join(root, key))))
    expect(await exhaust(batches)).toBe(0)
  })

  test('stops when it is called off', async () => {
    await put('lia/1.jpg')
    await expect(listed({ signal: AbortSignal.abort() })).rejects.toThrow('aborted')
  })
})

describe('reading', () => {
  test('gives the whole or a span', async () => {
    await put('lia/1.jpg', '0123456789')
    expect(await content('lia/1.jpg')).toBe('0123456789')
    expect(await content('lia/1.jpg', { start: 2, end: 4 })).toBe('234')
    expect(await content('lia/1.jpg', { start: 9, end: 9 })).toBe('9')
  })

  test('never leaves the root', async () => {
    await put('lia/1.jpg')
    await symlink('/etc', path.join(root, 'etc'))
    await symlink('/etc/passwd', path.join(root, 'passwd'))
    await symlink('lia', path.join(root, 'alias'))
    const name = path.basename(root)

    const attempts = [
      '../../../../etc/passwd',
      `../${name}/lia/1.jpg`,
      'lia/../../../etc/passwd',
      'lia/../lia/1.jpg',
      'lia/./1.jpg',
      'lia//1.jpg',
      '/etc/passwd',
      'etc/passwd',
      'passwd',
      'alias/1.jpg',
      'lia/1.jpg/',
      'lia/1.jpg\0.png',
      'lia/1.jpg\u0000',
      '..',
      '.',
      '',
    ]
    for (const key of attempts) {
      expect(await store.head(key), key).toBeNull()
      expect(await store.read(key), key).toBeNull()
    }
  })

  test.each([
    ['a file that is not there', 'nowhere.jpg'],
    ['a folder', 'lia'],
    ['a path through a file', 'lia/1.jpg/more'],
    ['a pipe', 'lia/pipe'],
    ['a name longer than disks allow', 'long'.repeat(100)],
    ['a path longer than systems allow', `${'d/'.repeat(4_000)}x`],
  ])('finds nothing for %s', async (_, key) => {
    await put('lia/1.jpg')
    execFileSync('mkfifo', [path.join(root, 'lia/pipe')])
    expect(await store.head(key)).toBeNull()
    expect(await store.read(key)).toBeNull()
  })

  test('does not call a file missing because the whole root is', async () => {
    await rm(root, { recursive: true })
    await expect(store.head('lia/1.jpg')).rejects.toThrow(Unavailable)
    await expect(store.read('lia/1.jpg')).rejects.toThrow('Is its disk mounted?')
  })
})

test('a folder store is ready when its folder is there', async () => {
  await store.ping()
  await rm(root, { recursive: true })
  await expect(store.ping()).rejects.toThrow(Unavailable)
})

test('a folder store gives links that change when their window ends', () => {
  const now = new Date('2026-03-01T10:45:00Z')
  expect(store.windowEnd(now)).toEqual(new Date('2026-03-01T11:00:00Z'))
  expect(store.signer(now)('lia/1.jpg')).toMatch(/^\/media\/lia\/1\.jpg\?e=1772364600&s=/)
  expect(store.source).toBe(`folder ${root}`)
})

async function put(key: string, body = key) {
  await mkdir(path.dirname(path.join(root, key)), { recursive: true })
  await writeFile(path.join(root, key), body)
}

async function listed(options?: ListOptions) {
  return (await collect(store.list(options))).flat()
}

async function collect<T>(items: AsyncIterable<T>) {
  const collected: T[] = []
  for await (const item of items) collected.push(item)
  return collected
}

async function exhaust(batches: AsyncIterator<ListedObject[]>) {
  let count = 0
  for (let step = await batches.next(); !step.done; step = await batches.next()) count += step.value.length
  return count
}

async function content(key: string, range?: ByteRange) {
  const stream = await store.read(key, range)
  return stream && (await buffer(stream)).toString()
}

function fitsOnDisk(key: string) {
  const segments = key.split('/')
  return segments.every((segment) => segment !== '' && Buffer.byteLength(segment) <= 255)
}

/** Permissions do not bind the superuser, whom containers run tests as. */
async function asOrdinaryUser(task: () => Promise<void>) {
  if (process.geteuid?.() !== 0) return task()

  const nobody = 65_534
  execFileSync('chown', ['-R', String(nobody), root])
  process.seteuid?.(nobody)
  try {
    await task()
  } finally {
    process.seteuid?.(0)
  }
}
