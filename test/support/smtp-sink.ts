import { createServer, type Socket } from 'node:net'

export interface ReceivedMail {
  from: string
  to: string[]
  /** Headers and body as they came. */
  data: string
}

export interface SmtpSink {
  port: number
  mails: ReceivedMail[]
  close(): Promise<void>
}

export interface SmtpSinkOptions {
  /** What is answered to RCPT instead of 250. */
  refuses?: string
  /** Says nothing at all. */
  isSilent?: boolean
}

/** A mail server that takes whatever comes, without TLS: the outer edge of tests about mail (RFC 5321). */
export async function startSmtpSink({ refuses, isSilent }: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const mails: ReceivedMail[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    if (isSilent) return
    const say = (line: string) => socket.write(`${line}\r\n`)
    let mail: ReceivedMail = { from: '', to: [], data: '' }
    let isData = false
    let waiting = ''
    say('220 sink')
    socket.setEncoding('utf8').on('data', (chunk) => {
      waiting += chunk
      for (let end = waiting.indexOf('\r\n'); end !== -1; end = waiting.indexOf('\r\n')) {
        const line = waiting.slice(0, end)
        waiting = waiting.slice(end + 2)
        hear(line)
      }
    })

    function hear(line: string) {
      if (isData) {
        if (line !== '.') {
          mail.data += `${line}\r\n`
          return
        }
        isData = false
        mails.push(mail)
        mail = { from: '', to: [], data: '' }
        say('250 taken')
        return
      }
      const address = /<([^>]*)>/.exec(line)?.[1] ?? ''
      if (/^EHLO/i.test(line)) say('250 sink')
      else if (/^MAIL FROM/i.test(line)) {
        mail.from = address
        say('250 ok')
      } else if (/^RCPT TO/i.test(line)) {
        if (!refuses) mail.to.push(address)
        say(refuses ?? '250 ok')
      } else if (/^DATA/i.test(line)) {
        isData = true
        say('354 go on')
      } else if (/^QUIT/i.test(line)) {
        say('221 bye')
        socket.end()
      } else if (/^STARTTLS/i.test(line)) say('502 not here')
      else say('250 ok')
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as { port: number }).port,
    mails,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
