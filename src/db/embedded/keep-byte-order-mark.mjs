// Imported before PGlite, which decodes every text with a TextDecoder that swallows a leading U+FEFF: a folder whose
// name begins with one would come back under another name.
const Decoder = globalThis.TextDecoder

globalThis.TextDecoder = class extends Decoder {
  /**
   * @param {string} [label]
   * @param {{ fatal?: boolean, ignoreBOM?: boolean }} [options]
   */
  constructor(label, options) {
    super(label, { ignoreBOM: true, ...options })
  }
}
