import { maskPath, maskSecrets } from '../vault/mask-pans.ts'

/** One line for each request: method, path, status, time, and for a refusal why. */
export type RequestLog = {
  write(line: { method: string; path: string; status: number; ms: number; why: string | null }): void
  /** One line about something that happened without a request. */
  note(text: string): void
  /** Writes out what is still held back. */
  flush(): void
}

/** Lines of one moment go out together: a system call a request would cost more than the request's own parsing. */
const HOLD_MS = 20

/** A request log over `out`. Paths and reasons are shown without card numbers. */
export function createRequestLog(out: (text: string) => void): RequestLog {
  let held = ''
  let timer: NodeJS.Timeout | null = null
  const flush = () => {
    if (timer) clearTimeout(timer)
    timer = null
    if (held !== '') out(held)
    held = ''
  }
  return {
    write({ method, path, status, ms, why }) {
      held += `${method} ${maskPath(path)} ${status} ${ms.toFixed(1)}ms${why === null ? '' : ` ${oneLine(why)}`}\n`
      timer ??= setTimeout(flush, HOLD_MS).unref()
    },
    note(text) {
      held += `${oneLine(maskSecrets(text))}\n`
      flush()
    },
    flush,
  }
}

/** What a caller sent may be quoted in it: a line feed in that must not begin a line, nor an escape move the cursor. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ')
}

/** A log that keeps nothing. */
export function silentRequestLog(): RequestLog {
  return { write() {}, note() {}, flush() {} }
}
