import path from 'node:path'
import { z } from 'zod'
import { Misconfigured } from '#src/errors.ts'

/** SigV4 refuses links of more than seven days; ours live up to two windows. */
const LONGEST_LINK_WINDOW_SECONDS = 604_800 / 2

const origin = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) address such as https://films.example.com' })
  .transform((url) => url.replace(/\/+$/, ''))

const flag = z
  .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
  .transform((value) => value === 'true' || value === '1')

const folder = z
  .string()
  .min(1)
  .transform((folder) => path.resolve(folder))

const schema = z
  .object({
    PORT: z.coerce.number({ error: 'must be a port number' }).int().min(0).max(65_535).default(3000),
    HOST: z.string().min(1).default('127.0.0.1'),
    BASE_URL: origin.optional(),
    DATA_DIR: folder.default(path.resolve('data')),
    MEDIA_DIR: folder.optional(),
    DATABASE_URL: z
      .url({ protocol: /^postgres(ql)?$/, error: 'must look like postgres://user@host:5432/name' })
      .optional(),
    S3_BUCKET: z.string().min(1).optional(),
    S3_ENDPOINT: origin.optional(),
    S3_REGION: z.string().min(1).default('us-east-1'),
    S3_ACCESS_KEY_ID: z.string().min(1).optional(),
    S3_SECRET_ACCESS_KEY: z.string().min(1).optional(),
    S3_FORCE_PATH_STYLE: flag.optional(),
    S3_PREFIX: z
      .string()
      .default('')
      .transform((prefix) => (prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`)),
    MEDIA_BASE_URL: origin.optional(),
    MEDIA_LINK_SECONDS: z.coerce
      .number({ error: 'must be a number of seconds' })
      .int()
      .min(60)
      .max(LONGEST_LINK_WINDOW_SECONDS)
      .default(1800),
    APP_SECRET: z.string().min(32, 'must have at least 32 characters: openssl rand -hex 32').optional(),
    APP_STORAGE: z.string().min(1).optional(),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  .superRefine((env, context) => {
    const mistake = (field: string, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (env.S3_BUCKET && env.MEDIA_DIR) {
      mistake('MEDIA_DIR', 'is set together with S3_BUCKET: the library has one source, remove one of them')
    }
    if (env.S3_BUCKET && !env.S3_ACCESS_KEY_ID) mistake('S3_ACCESS_KEY_ID', 'is needed with S3_BUCKET')
    if (env.S3_BUCKET && !env.S3_SECRET_ACCESS_KEY)
      mistake('S3_SECRET_ACCESS_KEY', 'is needed with S3_BUCKET')
    if (!env.S3_BUCKET && (env.S3_ENDPOINT || env.S3_ACCESS_KEY_ID || env.S3_SECRET_ACCESS_KEY)) {
      mistake('S3_BUCKET', 'is needed with the other S3_ variables')
    }
    if (env.DATABASE_URL && !env.APP_SECRET) {
      mistake('APP_SECRET', 'is needed with DATABASE_URL, the same on every node: openssl rand -hex 32')
    }
  })

export type Env = z.infer<typeof schema>

/**
 * The environment, parsed. Empty variables count as unset.
 * @throws Misconfigured naming every mistake at once.
 */
export function readEnv(variables: NodeJS.ProcessEnv = process.env): Env {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data

  const mistakes = parsed.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`)
  throw new Misconfigured(`The environment needs a correction:\n${mistakes.join('\n')}`)
}
