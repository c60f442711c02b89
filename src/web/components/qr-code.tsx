import { create } from 'qrcode'

/** Modules of white around the code, without which cameras do not find it (ISO/IEC 18004 §9.1). */
const QUIET_ZONE = 4

/** @param label what it is, for who does not see it. */
export function QrCode({ text, label }: { text: string; label: string }) {
  // A screen does not get dirty: the more room for the modules, the easier to read from afar.
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const side = modules.size + 2 * QUIET_ZONE
  return (
    <svg
      class="qr-code"
      viewBox={`0 0 ${side} ${side}`}
      width={side * 6}
      height={side * 6}
      shape-rendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path fill="#fff" d={`M0 0h${side}v${side}H0z`} />
      <path fill="#000" d={darkRuns(modules)} />
    </svg>
  )
}

/** A rectangle for each run of dark modules in a row. */
function darkRuns({ size, data }: { size: number; data: Uint8Array }): string {
  let path = ''
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const start = column
      while (column < size && data[row * size + column]) column++
      if (column > start)
        path += `M${start + QUIET_ZONE} ${row + QUIET_ZONE}h${column - start}v1H${start + QUIET_ZONE}z`
    }
  }
  return path
}
